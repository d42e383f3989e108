//! An issuer that returns arbitrary statuses, headers and documents. It gets only permitted requests, a bounded number of
//! them, and every result is put into words.
#![no_main]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jwtctl::sys::{Bounded, CacheHeaders, GetRequest, Http, HttpError, Response, Settings};
use jwtctl::jwks::{FetchOptions, Issuer, JwksLocation, Net, RemoteJwks, Url};
use jwtctl::explain::Problem;
use libfuzzer_sys::fuzz_target;

/// The answers that are left, each a line of headers and one of its document.
struct Network(Arc<Mutex<Vec<String>>>);

impl Http for Network {
    fn get(&self, get: GetRequest) -> Result<Response, HttpError> {
        Url::parse(&get.url).expect("only what may be asked is");
        let Some(answer) = self.0.lock().unwrap().pop() else { return Err(HttpError::Timeout) };
        let (head, body) = answer.split_once('\n').unwrap_or((&answer, ""));
        let mut head = head.split('\t').map(str::to_owned);
        let status = head.next().and_then(|status| status.parse().ok()).unwrap_or(200);
        Ok(Response {
            status,
            location: head.next(),
            caching: CacheHeaders {
                cache_control: head.next().unwrap_or_default(),
                age: head.next(),
                expires: head.next(),
                date: head.next(),
            },
            etag: head.next(),
            body: Bounded { bytes: body.as_bytes().to_vec(), cut: body.len() > 1 << 16 },
        })
    }
}

fuzz_target!(|text: &str| {
    let answers: Vec<_> = text.split('\0').map(str::to_owned).rev().collect();
    let answers = Arc::new(Mutex::new(answers));
    let connect = move |_: &Settings| -> Box<dyn Http> { Box::new(Network(Arc::clone(&answers))) };
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
