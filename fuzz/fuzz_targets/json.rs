//! JSON from arbitrary bytes: what is accepted keeps its meaning and spelling in every layout.
#![no_main]

use jwtctl::json::{JsonError, Layout, Object, Value, respaced};
use jwtctl::time::NumericDate;
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;

fuzz_target!(|bytes: &[u8]| {
    let text = std::str::from_utf8(bytes);
    let is_json = text.is_ok_and(|text| serde_json::from_str::<&RawValue>(text).is_ok());
    let value = match Value::parse(bytes) {
        Ok(value) => value,
        Err(error) => {
            // Only what is no JSON at all may be called that.
            assert_eq!(matches!(error, JsonError::Syntax { .. }) && is_json, false, "{error}");
            return;
        }
    };
    assert!(is_json);
    let compact = respaced(value.text(), Layout::Compact);
    let indented = respaced(value.text(), Layout::Indented);
    assert_eq!(respaced(&indented, Layout::Compact), compact);
    let again = Value::parse(indented.as_bytes()).unwrap();
    assert!(value.same_as(&again));
    if let Some(date) = value.at(&[]).and_then(NumericDate::of) {
        let _ = date.other_unit();
    }
    if let Ok(object) = Object::parse(bytes) {
        assert_eq!(object.to_value().text(), compact);
    }
});
