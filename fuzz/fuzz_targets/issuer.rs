//! An issuer that returns arbitrary statuses, headers and documents. It gets only permitted requests, a bounded number of
//! them, and every result is put into words.
#![no_main]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jwtctl::sys::{Bounded, GetRequest, Http, HttpError, Response, Settings};
use jwtctl::jwks::{FetchOptions, Issuer, JwksLocation, Net, RemoteJwks, Url};
use jwtctl::explain::Problem;
use libfuzzer_sys::fuzz_target;

/// The answers that are left, each a line of headers and one of its document.
struct Network(Arc<Mutex<Vec<String>>>);

impl Network {
    fn answer(&self, get: &GetRequest) -> Result<Response, HttpError> {
        Url::parse(&get.url).expect("only what may be asked is");
        let Some(answer) = self.0.lock().unwrap().pop() else { return Err(HttpError::Timeout) };
        let (head, body) = answer.split_once('\n').unwrap_or((&answer, ""));
        let mut head = head.split('\t').map(str::to_owned);
        let status = head.next().and_then(|status| status.parse().ok()).unwrap_or(200_u16);
        let bytes = body.as_bytes().to_vec();
        let mut answer = Response::new(Bounded { bytes, cut: body.len() > 1 << 16 });
        *answer.status_mut() = status.try_into().unwrap_or_default();
        let names = ["location", "cache-control", "age", "expires", "date", "etag"];
        for (name, value) in names.into_iter().zip(head) {
            if let Ok(value) = value.try_into() {
                answer.headers_mut().insert(name, value);
            }
        }
        Ok(answer)
    }
}

fuzz_target!(|text: &str| {
    let answers: Vec<_> = text.split('\0').map(str::to_owned).rev().collect();
    let answers = Arc::new(Mutex::new(answers));
    let connect = move |_: &Settings| -> Box<Http> {
        let network = Network(Arc::clone(&answers));
        Box::new(move |request| network.answer(&request))
    };
    let net = Net { clock: &|| 1_700_000_000.into(), connect: &connect };
    let options = FetchOptions {
        timeout: Duration::from_secs(10),
        offline: false,
        cache: None,
        settings: Settings::default(),
        trust: String::new(),
    };
    let name = "https://a.example/x".to_owned();
    let url = Url::parse_issuer(&name).unwrap();
    let mut remote = RemoteJwks::new(JwksLocation::Issuer(Issuer { name, url }), options);
    for found in [remote.fetch(net).map(drop), remote.refetch(net).map(drop)] {
        if let Err(error) = found {
            let _ = Problem::from(error).explain();
        }
    }
});
