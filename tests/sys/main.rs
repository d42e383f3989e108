//! Files, rows, paths and proxies, as the rest of the program uses them: modes, links and descriptors of Unix.
#![cfg(unix)]

mod commit;
mod resolver;
mod rows;
mod store;

use std::os::unix::fs::symlink;
use std::path::Path;

use jwtctl::sys::{Proxies, Stdin, resolve_path};

#[test]
fn reading_stops_at_the_bound() {
    let text = vec![7; 3 * 8 * 1024];
    let length = text.len();
    for (most, cut) in [(10, true), (length - 1, true), (length, false), (1 << 20, false)] {
        let mut rest = &text[..];
        let read = Stdin::new(&mut rest, false).read("a test", most).unwrap();
        assert_eq!((&read.bytes[..], read.cut), (&text[..length.min(most)], cut), "{most}");
    }
    assert!(Stdin::new(&mut &b""[..], false).read("a test", 5).unwrap().bytes.is_empty());
}

#[test]
fn a_path_leads_to_one_place_however_it_is_spelled() {
    let folder = tempfile::tempdir().unwrap();
    let key = std::fs::canonicalize(folder.path()).unwrap().join("key");
    let resolved = |name: &str| resolve_path(Some(&folder.path().join(name)));
    assert_eq!([resolved("key"), resolved("./key")], [key.clone(), key.clone()]);
    symlink("key", folder.path().join("link")).unwrap();
    std::fs::write(&key, b"").unwrap();
    assert_eq!(resolved("link"), key);
    assert_eq!(resolve_path(Some(Path::new("no/such/key"))), Path::new("no/such/key"));
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        assert_eq!(resolve_path(Some(Path::new(name))), resolve_path(None), "{name}");
    }
}

fn proxies(variables: &[(&str, &str)]) -> Proxies {
    Proxies::from(|name| {
        let found = variables.iter().find(|(set, _)| *set == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn the_variables_are_those_of_curl() {
    for (variables, https) in [
        ([("HTTPS_PROXY", "http://a:1"), ("all_proxy", "http://b:2")], "a:1"),
        ([("HTTPS_PROXY", "http://a:1"), ("https_proxy", "http://c:3")], "c:3"),
        ([("https_proxy", ""), ("ALL_PROXY", "socks5://d:4")], "d:4"),
        ([("HTTP_PROXY", "http://e:5"), ("http_proxy", "http://f:6")], ""),
    ] {
        let proxy = proxies(&variables).proxy_for("https://a.example/").unwrap();
        let named =
            proxy.map_or(String::new(), |proxy| format!("{}:{}", proxy.host(), proxy.port()));
        assert_eq!(named, https, "{variables:?}");
    }
}

#[test]
fn a_host_is_exempt_with_those_under_it() {
    let all_but = |hosts| proxies(&[("https_proxy", "p:1"), ("NO_PROXY", hosts)]);
    let proxies = all_but("a.example, .b.example,*.C.example:443,10.0.0.1,2");
    for host in ["a.example", "x.a.example", "b.example", "x.b.example", "c.example", "10.0.0.1"] {
        assert!(proxies.proxy_for(&format!("https://{host}/")).unwrap().is_none(), "{host}");
    }
    for host in ["aa.example", "example", "110.0.0.1", "10.0.0.2"] {
        assert!(proxies.proxy_for(&format!("https://{host}/")).unwrap().is_some(), "{host}");
    }
    assert!(proxies.proxy_for("http://127.0.0.1/").unwrap().is_none());
    assert!(all_but("*").proxy_for("https://aa.example/").unwrap().is_none());
}
