//! JSON of any bytes: what is accepted keeps its meaning and its spelling through every layout.
#![no_main]

use jwtctl::json::{Layout, Object, Value, respaced};
use jwtctl::time::NumericDate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = Value::parse(bytes) else { return };
    let compact = respaced(value.text(), Layout::Compact);
    let indented = respaced(value.text(), Layout::Indented);
    assert_eq!(respaced(&indented, Layout::Compact), compact);
    let again = Value::parse(indented.as_bytes()).unwrap();
    assert!(value.same_as(&again));
    if let Some(number) = value.as_number() {
        let _ = NumericDate::from(&number).looks_like_milliseconds();
    }
    if let Ok(object) = Object::parse(bytes) {
        assert_eq!(object.to_value().text(), compact);
    }
});
