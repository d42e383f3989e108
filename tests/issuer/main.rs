//! When a key set is fetched, with a simulated clock and network: rules that take days in reality.

mod discovery;
mod freshness;
mod urls;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jwtctl::crypto::Seal;
use jwtctl::jwks::{
    Cache, FetchFault, FetchOptions, FetchWarning, Fetched, JwksLocation, Net, Refetch, RemoteJwks,
    SourceError, Url,
};
use jwtctl::secret::Secret;
use jwtctl::sys::{Bounded, Connect, GetRequest, HeaderMap, HttpError, Response, Settings};
use jwtctl::time::NumericDate;
use proptest::prelude::*;
use tempfile::TempDir;

const URL: &str = "https://issuer.example/keys";
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A server, and what it was asked.
#[derive(Default)]
struct Server {
    /// The number of its set; 0 for one without keys, 9 for half of one, `None` while it is down.
    set: Option<u32>,
    headers: HeaderMap,
    /// Each request: whether it was about a set that the asker has, and whether past caches.
    asked: Vec<(bool, bool)>,
}

/// A network of that one server.
#[derive(Clone)]
struct Network(Arc<Mutex<Server>>);

impl Network {
    fn answer(&self, get: &GetRequest) -> Result<Response, HttpError> {
        let mut server = self.0.lock().unwrap();
        server.asked.push((get.etag.is_some(), get.bypass_caches));
        let Some(set) = server.set else { return Err(HttpError::Timeout) };
        let etag = format!("\"{set}\"");
        let mut answer = Response::default();
        *answer.headers_mut() = server.headers.clone();
        if get.etag.as_ref() == Some(&etag) {
            *answer.status_mut() = 304.try_into().unwrap();
            return Ok(answer);
        }
        answer.headers_mut().insert("etag", etag.try_into().unwrap());
        *answer.body_mut() = Bounded { bytes: text(set).into_bytes(), cut: false };
        Ok(answer)
    }
}

/// A set with one key (RFC 8037 appendix A.2), which the number names.
fn text(set: u32) -> String {
    if set == 0 {
        return r#"{"keys":[]}"#.to_owned();
    }
    if set == 9 {
        return r#"{"keys":[{"kty":"O"#.to_owned();
    }
    let key = r#""crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;
    format!(r#"{{"keys":[{{"kty":"OKP","kid":"{set}",{key}}}]}}"#)
}

fn headers<const N: usize>(all: [(&'static str, &str); N]) -> HeaderMap {
    let all = all.map(|(name, text)| (name.parse().unwrap(), text.to_owned().try_into().unwrap()));
    HeaderMap::from_iter(all)
}

/// What a call says of fetching.
fn options(cache: Option<Cache>) -> FetchOptions {
    let (timeout, trust) = (Duration::from_secs(10), String::new());
    FetchOptions { timeout, offline: false, cache, settings: Settings::default(), trust }
}

struct Scene {
    server: Arc<Mutex<Server>>,
    time: Arc<AtomicI64>,
    clock: Box<dyn Fn() -> NumericDate + Sync>,
    connect: Box<Connect>,
    folder: TempDir,
}

impl Scene {
    fn new(cache_control: &'static str) -> Self {
        let headers = headers([("cache-control", cache_control)]);
        let server = Server { set: Some(1), headers, asked: Vec::new() };
        let server = Arc::new(Mutex::new(server));
        let network = Network(Arc::clone(&server));
        let time = Arc::new(AtomicI64::new(784_111_777));
        let clock = Arc::clone(&time);
        Self {
            server,
            time,
            clock: Box::new(move || clock.load(Ordering::SeqCst).into()),
            connect: Box::new(move |_| {
                let network = network.clone();
                Box::new(move |request| network.answer(&request))
            }),
            folder: TempDir::new().unwrap(),
        }
    }

    fn net(&self) -> Net<'_> {
        Net { clock: &self.clock, connect: &self.connect }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("jwtctl")
    }

    /// The file of the one document in the cache.
    fn document(&self) -> PathBuf {
        let mut files = std::fs::read_dir(self.cache()).unwrap().map(|file| file.unwrap().path());
        files.find(|path| path.extension().is_none()).unwrap()
    }

    /// What a new process has.
    fn remote(&self) -> RemoteJwks {
        self.remote_with(|_| {})
    }

    fn remote_with(&self, change: impl FnOnce(&mut FetchOptions)) -> RemoteJwks {
        let cache = Cache::new(self.cache(), self.folder.path().join("state"));
        let mut options = options(Some(cache));
        change(&mut options);
        RemoteJwks::new(JwksLocation::Set(Url::parse(URL).unwrap()), options)
    }

    fn fetch(&self, remote: &mut RemoteJwks) -> Result<u32, SourceError> {
        remote.fetch(self.net()).map(|fetched| number(&fetched))
    }

    /// What a new process finds.
    fn fetch_anew(&self) -> Result<u32, SourceError> {
        self.fetch(&mut self.remote())
    }

    fn refetch(&self, remote: &mut RemoteJwks) -> Result<(Refetch, Option<u32>), SourceError> {
        remote.refetch(self.net()).map(|(asked, fetched)| (asked, fetched.as_ref().map(number)))
    }

    fn pass(&self, seconds: i64) {
        self.time.fetch_add(seconds, Ordering::SeqCst);
    }

    fn serve(&self, set: Option<u32>) {
        self.server.lock().unwrap().set = set;
    }

    /// What was asked since this was last called.
    fn asked(&self) -> Vec<(bool, bool)> {
        std::mem::take(&mut self.server.lock().unwrap().asked)
    }
}

fn number(fetched: &Fetched) -> u32 {
    let text = String::from_utf8(fetched.text.expose().to_vec()).unwrap();
    text.split('"').nth(9).unwrap().parse().unwrap()
}

fn fault(found: Result<impl Sized, SourceError>) -> FetchFault {
    match found {
        Err(SourceError::Fetch(error)) => error.fault,
        _ => panic!("it was fetched"),
    }
}

#[test]
fn a_set_is_kept_for_an_hour_if_nothing_is_said() {
    let scene = Scene::new("");
    assert_eq!(scene.fetch_anew().unwrap(), 1);
    assert_eq!(scene.asked(), [(false, false)]);
    scene.serve(Some(2));
    scene.pass(HOUR - 1);
    assert_eq!(scene.fetch_anew().unwrap(), 1);
    assert_eq!(scene.asked(), []);
    scene.pass(1);
    assert_eq!(scene.fetch_anew().unwrap(), 2);
    assert_eq!(scene.asked(), [(true, false)]);
    // An unchanged document is kept for another hour.
    scene.pass(HOUR);
    assert_eq!(scene.fetch_anew().unwrap(), 2);
    scene.pass(HOUR - 1);
    assert_eq!(scene.fetch_anew().unwrap(), 2);
    assert_eq!(scene.asked(), [(true, false)]);
}

#[test]
fn no_set_is_kept_for_over_a_day() {
    let scene = Scene::new("max-age=31536000");
    scene.fetch_anew().unwrap();
    scene.pass(DAY - 1);
    scene.fetch_anew().unwrap();
    assert_eq!(scene.asked().len(), 1);
    scene.pass(1);
    scene.fetch_anew().unwrap();
    assert_eq!(scene.asked().len(), 1);
}

#[test]
fn a_file_that_promises_years_is_fresh_and_usable_for_a_day_each() {
    let scene = Scene::new("max-age=60");
    scene.fetch_anew().unwrap();
    let file = scene.document();
    let text = std::fs::read_to_string(&file).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    let end = format!("\"fresh_until\":{}", scene.time.load(Ordering::SeqCst) + 60);
    assert!(rest.contains(&end), "{rest}");
    let rest = rest.replace(&end, &format!("\"fresh_until\":{}", i64::MAX));
    let key = std::fs::read(scene.folder.path().join("state/cache-key")).unwrap();
    let name = file.file_name().unwrap().as_encoded_bytes();
    let seal = Seal::new(&Secret::new(key)).unwrap();
    let seal = seal.on(&[b"jwtctl 3 ", name, b"\n", rest.as_bytes()]);
    std::fs::write(&file, format!("jwtctl 3 {seal}\n{rest}")).unwrap();
    scene.serve(None);
    scene.asked();
    scene.pass(DAY - 1);
    scene.fetch_anew().unwrap();
    assert_eq!(scene.asked(), [], "it is fresh for a day");
    scene.pass(1);
    scene.fetch_anew().unwrap();
    assert_eq!(scene.asked().len(), 1, "it is not fresh for longer");
    scene.pass(DAY - 1);
    scene.fetch_anew().unwrap();
    scene.pass(1);
    assert!(scene.fetch_anew().is_err(), "it is usable for another day");
}

#[test]
fn an_expired_set_is_used_for_a_day_when_the_network_fails() {
    let scene = Scene::new("max-age=60");
    scene.fetch_anew().unwrap();
    scene.serve(None);
    scene.pass(60 + DAY - 1);
    let mut remote = scene.remote();
    assert_eq!(scene.fetch(&mut remote).unwrap(), 1);
    let [FetchWarning::Stale { age, .. }] = &remote.warnings()[..] else {
        panic!("nothing was said")
    };
    assert_eq!(*age, 60 + DAY - 1);
    scene.pass(1);
    assert!(matches!(fault(scene.fetch_anew()), FetchFault::TimedOut(_)));
    scene.serve(Some(2));
    assert_eq!(scene.fetch_anew().unwrap(), 2);
}

#[test]
fn what_has_failed_is_not_tried_again_for_thirty_seconds() {
    let scene = Scene::new("max-age=60");
    scene.fetch_anew().unwrap();
    scene.serve(None);
    scene.pass(60);
    scene.fetch_anew().unwrap();
    assert_eq!(scene.asked().len(), 2);
    scene.pass(29);
    let mut remote = scene.remote();
    scene.fetch(&mut remote).unwrap();
    let [FetchWarning::Stale { error, .. }] = &remote.warnings()[..] else {
        panic!("nothing was said")
    };
    assert!(matches!(error.fault, FetchFault::FailedRecently(29)));
    assert_eq!(scene.asked().len(), 0);
    scene.pass(1);
    scene.fetch_anew().unwrap();
    assert_eq!(scene.asked().len(), 1);
    // Without anything to go on, there is no reason to wait.
    scene.pass(DAY);
    assert!(scene.fetch_anew().is_err() && scene.fetch_anew().is_err());
    assert_eq!(scene.asked().len(), 2);
}

#[test]
fn a_newer_set_is_asked_for_once_in_thirty_seconds_by_all() {
    let scene = Scene::new("");
    let mut first = scene.remote();
    scene.fetch(&mut first).unwrap();
    let mut second = scene.remote();
    scene.fetch(&mut second).unwrap();
    assert_eq!(scene.asked().len(), 1);

    assert_eq!(scene.refetch(&mut first).unwrap(), (Refetch::Done, None));
    assert_eq!(scene.asked(), [(true, true)]);
    scene.serve(Some(2));
    scene.pass(29);
    assert_eq!(scene.refetch(&mut first).unwrap(), (Refetch::Recently(29), None));
    assert_eq!(scene.refetch(&mut second).unwrap(), (Refetch::Recently(29), None));
    assert_eq!(scene.asked(), []);
    scene.pass(1);
    assert_eq!(scene.refetch(&mut first).unwrap(), (Refetch::Done, Some(2)));
    // The other finds what the first has fetched, and asks nobody.
    assert_eq!(scene.refetch(&mut second).unwrap(), (Refetch::Done, Some(2)));
    assert_eq!(scene.asked(), [(true, true)]);
    assert_eq!(scene.fetch_anew().unwrap(), 2);
}

#[test]
fn a_failed_refetch_is_not_a_verdict() {
    let scene = Scene::new("");
    let mut remote = scene.remote();
    scene.fetch(&mut remote).unwrap();
    scene.serve(None);
    assert!(matches!(fault(scene.refetch(&mut remote)), FetchFault::TimedOut(_)));
    scene.pass(10);
    assert!(matches!(fault(scene.refetch(&mut remote)), FetchFault::FailedRecently(10)));
    let mut other = scene.remote();
    scene.fetch(&mut other).unwrap();
    assert!(matches!(fault(scene.refetch(&mut other)), FetchFault::FailedRecently(10)));
    scene.serve(Some(2));
    scene.pass(20);
    assert_eq!(scene.refetch(&mut remote).unwrap(), (Refetch::Done, Some(2)));
}

#[test]
fn a_set_without_keys_is_not_cached() {
    let scene = Scene::new("");
    scene.serve(Some(0));
    assert!(matches!(scene.fetch_anew(), Err(SourceError::Set { .. })));
    scene.serve(Some(1));
    assert_eq!(scene.fetch_anew().unwrap(), 1);
    // Refetch for by a token's sender it is no verdict on the caller's keys, and the old set stays.
    scene.serve(Some(0));
    let mut remote = scene.remote();
    scene.fetch(&mut remote).unwrap();
    assert!(matches!(fault(scene.refetch(&mut remote)), FetchFault::Unusable));
    assert!(matches!(fault(scene.refetch(&mut remote)), FetchFault::FailedRecently(0)));
    assert_eq!(scene.fetch_anew().unwrap(), 1);
}

#[test]
fn an_incomplete_response_does_not_discard_an_expired_set() {
    let scene = Scene::new("max-age=60");
    scene.fetch_anew().unwrap();
    scene.serve(Some(9));
    scene.pass(60);
    let mut remote = scene.remote();
    assert_eq!(scene.fetch(&mut remote).unwrap(), 1);
    let [FetchWarning::Stale { error, .. }] = &remote.warnings()[..] else {
        panic!("nothing was said")
    };
    assert!(matches!(error.fault, FetchFault::Unusable));
    scene.pass(DAY);
    assert!(matches!(scene.fetch_anew(), Err(SourceError::Set { .. })));
}

#[test]
fn an_issuer_that_withdraws_its_keys_is_believed() {
    let scene = Scene::new("max-age=60");
    scene.fetch_anew().unwrap();
    scene.serve(Some(0));
    scene.pass(60);
    assert!(matches!(scene.fetch_anew(), Err(SourceError::Set { .. })));
    // And they do not come back when it cannot be reached.
    scene.serve(None);
    assert!(matches!(fault(scene.fetch_anew()), FetchFault::TimedOut(_)));
}

#[test]
fn a_recent_failure_is_not_retried_for_an_unknown_kid() {
    let scene = Scene::new("max-age=60");
    scene.fetch_anew().unwrap();
    scene.serve(None);
    scene.pass(60);
    let mut remote = scene.remote();
    scene.fetch(&mut remote).unwrap();
    assert_eq!(scene.asked().len(), 2);
    assert!(matches!(fault(scene.refetch(&mut remote)), FetchFault::FailedRecently(0)));
    assert_eq!(scene.asked(), []);
}

#[test]
fn without_a_cache_the_limit_is_kept_in_memory() {
    let scene = Scene::new("");
    let mut remote = scene.remote_with(|options| options.cache = None);
    scene.fetch(&mut remote).unwrap();
    scene.refetch(&mut remote).unwrap();
    assert_eq!(scene.refetch(&mut remote).unwrap(), (Refetch::Recently(0), None));
    assert_eq!(scene.asked().len(), 2);
    scene.pass(30);
    scene.serve(Some(2));
    assert_eq!(scene.refetch(&mut remote).unwrap(), (Refetch::Done, Some(2)));
}

#[test]
fn a_document_that_must_not_be_stored_is_not() {
    let scene = Scene::new("");
    scene.fetch_anew().unwrap();
    scene.server.lock().unwrap().headers = headers([("cache-control", "no-store")]);
    scene.pass(HOUR);
    let mut remote = scene.remote();
    scene.fetch(&mut remote).unwrap();
    scene.refetch(&mut remote).unwrap();
    // The limit on requests is kept, without anything of the answer.
    let files = std::fs::read_dir(scene.cache()).unwrap().map(|file| file.unwrap().path());
    let documents = files.filter(|path| path.extension().is_none());
    let texts: Vec<_> = documents.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(texts.iter().all(|text| text.ends_with("}\n")), "{texts:?}");
    assert!(
        !texts.iter().any(|text| text.contains("keys\":") || text.contains("\"1\"")),
        "{texts:?}"
    );
    assert!(matches!(
        fault(scene.fetch(&mut scene.remote_with(|options| options.offline = true))),
        FetchFault::Offline(None)
    ));
}

#[test]
fn what_must_not_be_stored_is_asked_for_anew_once_in_thirty_seconds_by_all() {
    let scene = Scene::new("no-store");
    let [mut first, mut second] = [scene.remote(), scene.remote()];
    scene.fetch(&mut first).unwrap();
    scene.fetch(&mut second).unwrap();
    assert_eq!(scene.refetch(&mut first).unwrap(), (Refetch::Done, None));
    assert_eq!(scene.asked(), [(false, false), (false, false), (true, true)]);
    scene.pass(29);
    assert_eq!(scene.refetch(&mut second).unwrap(), (Refetch::Recently(29), None));
    assert_eq!(scene.asked(), []);
    for _ in 0..3 {
        let mut new = scene.remote();
        scene.fetch(&mut new).unwrap();
        assert_eq!(scene.refetch(&mut new).unwrap(), (Refetch::Recently(29), None));
    }
    assert_eq!(scene.asked(), [(false, false); 3]);
    // The limit of others does not keep the holder of an older set from the newer one.
    scene.serve(Some(2));
    scene.pass(1);
    let mut new = scene.remote();
    scene.fetch(&mut new).unwrap();
    assert_eq!(scene.refetch(&mut new).unwrap(), (Refetch::Done, None));
    assert_eq!(scene.refetch(&mut second).unwrap(), (Refetch::Done, Some(2)));
}

#[test]
fn offline_makes_no_requests() {
    let scene = Scene::new("max-age=60");
    let offline = || scene.remote_with(|options| options.offline = true);
    assert!(matches!(fault(scene.fetch(&mut offline())), FetchFault::Offline(None)));
    scene.fetch_anew().unwrap();
    scene.asked();
    let mut remote = offline();
    assert_eq!(scene.fetch(&mut remote).unwrap(), 1);
    assert!(remote.warnings().is_empty());
    assert_eq!(scene.refetch(&mut remote).unwrap(), (Refetch::Offline, None));
    scene.pass(61);
    let mut remote = offline();
    assert_eq!(scene.fetch(&mut remote).unwrap(), 1);
    assert_eq!(remote.warnings().len(), 1);
    scene.pass(DAY);
    assert!(matches!(fault(scene.fetch(&mut offline())), FetchFault::Offline(Some(_))));
    assert_eq!(scene.asked(), []);
}

#[test]
fn what_one_call_trusted_is_nothing_to_a_call_that_trusts_others() {
    let scene = Scene::new("");
    scene.fetch_anew().unwrap();
    let mut other = scene.remote_with(|options| options.trust = "these others".to_owned());
    scene.serve(Some(2));
    assert_eq!(scene.fetch(&mut other).unwrap(), 2);
    assert_eq!(scene.fetch_anew().unwrap(), 1);
}

#[test]
fn a_set_that_was_fetched_in_the_future_is_asked_for_anew() {
    let scene = Scene::new("");
    let mut remote = scene.remote();
    scene.fetch(&mut remote).unwrap();
    scene.refetch(&mut remote).unwrap();
    scene.asked();
    scene.pass(-1);
    assert_eq!(scene.refetch(&mut remote).unwrap(), (Refetch::Done, None));
    scene.pass(-1);
    scene.fetch_anew().unwrap();
    scene.serve(None);
    scene.pass(-1);
    assert!(matches!(fault(scene.fetch_anew()), FetchFault::TimedOut(_)));
    assert!(matches!(fault(scene.fetch_anew()), FetchFault::TimedOut(_)));
    assert_eq!(scene.asked().len(), 4);
}

#[cfg(unix)]
#[test]
fn a_file_that_was_damaged_is_not_read() {
    use std::os::unix::fs::OpenOptionsExt as _;

    let scene = Scene::new("");
    scene.fetch_anew().unwrap();
    let file = scene.document();
    let whole = std::fs::read(&file).unwrap();
    let is_read = |text: &[u8]| {
        // The mode of the file stays, or it would not be read for that.
        std::fs::File::options()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&file)
            .unwrap()
            .write_all(text)
            .unwrap();
        scene.fetch(&mut scene.remote_with(|options| options.offline = true)).is_ok()
    };
    for end in 0..whole.len() {
        assert!(!is_read(&whole[..end]), "cut at {end}");
    }
    for at in 0..whole.len() * 8 {
        let mut changed = whole.clone();
        changed[at / 8] ^= 1 << (at % 8);
        assert!(!is_read(&changed), "bit {at}");
    }
    assert!(!is_read(&[&whole[..], b" "].concat()));
    assert!(is_read(&whole));
}

/// What happens in a life of many processes.
#[derive(Debug, Clone)]
enum Event {
    Pass(i64),
    Serve(Option<u32>),
    Fetch,
    Again,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        prop_oneof![0..60_i64, 0..3 * HOUR, 0..2 * DAY].prop_map(Event::Pass),
        proptest::option::of(1..4_u32).prop_map(Event::Serve),
        Just(Event::Fetch),
        Just(Event::Again),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// In any order of events: a newer set is requested at most once in 30 seconds, and no set is used that its server
    /// has not confirmed for an hour and a day.
    #[test]
    fn the_limits_hold_in_any_order(events in proptest::collection::vec(event(), 1..40)) {
        let scene = Scene::new("");
        let (mut now, mut set, mut answered, mut pressed) = (0, Some(1), [None; 4], None);
        for event in events {
            let (found, is_again) = match event {
                Event::Pass(seconds) => {
                    scene.pass(seconds);
                    now += seconds;
                    continue;
                }
                Event::Serve(next) => {
                    scene.serve(next);
                    set = next;
                    continue;
                }
                Event::Fetch => (scene.fetch_anew().ok(), false),
                Event::Again => {
                    let mut remote = scene.remote();
                    let held = scene.fetch(&mut remote).ok();
                    let newer = held.and_then(|_| scene.refetch(&mut remote).ok());
                    (newer.and_then(|(_, newer)| newer).or(held), true)
                }
            };
            let asked = scene.asked();
            if let (false, Some(set)) = (asked.is_empty(), set) {
                answered[set as usize] = Some(now);
            }
            for (_, past_caches) in asked {
                if past_caches {
                    prop_assert!(is_again && pressed.is_none_or(|then| now - then >= 30));
                    pressed = Some(now);
                }
            }
            if let Some(found) = found {
                let since = now - answered[found as usize].expect("it has been served");
                prop_assert!(since < HOUR + DAY, "{found} was last served {since} s ago");
            }
        }
    }
}
