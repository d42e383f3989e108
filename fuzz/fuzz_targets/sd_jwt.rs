//! Arbitrary claims, and disclosures of arbitrary JSON behind them: what is shown is JSON without digests, or refused.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwtctl::claims::Claims;
use jwtctl::crypto::disclose;
use jwtctl::token::Unverified;
use libfuzzer_sys::fuzz_target;

// The lines after the first are disclosures. `#1` in a line stands for the digest of the line before it.
fuzz_target!(|bytes: &[u8]| {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let mut claims = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let mut disclosures = String::from("~");
    for (index, line) in lines.enumerate() {
        let encoded = URL_SAFE_NO_PAD.encode(line);
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, encoded.as_bytes());
        claims = claims.replace(&format!("#{index}"), &URL_SAFE_NO_PAD.encode(digest));
        disclosures = disclosures + &encoded + "~";
    }
    let text = format!("eyJhbGciOiJIUzI1NiJ9.{}.AA{disclosures}", URL_SAFE_NO_PAD.encode(claims));
    let Ok(token) = Unverified::parse(text.as_bytes()) else { return };
    let presentation = token.presentation().expect("it has a tilde");
    let Ok(claims) = token.unverified_claims() else { return };
    if let Ok(shown) = disclose(&claims, presentation) {
        let text = shown.text();
        assert!(Claims::parse(text.clone().into_owned()).is_ok());
        let again = format!("eyJhbGciOiJIUzI1NiJ9.{}.AA~", URL_SAFE_NO_PAD.encode(text.as_bytes()));
        let again = Unverified::parse(again.as_bytes()).expect("a token");
        let none = again.presentation().expect("it has a tilde");
        let same = disclose(&shown, none).expect("nothing to disclose is left");
        assert_eq!(same.text(), text);
    }
});
