//! JSON numbers by their exact value, whatever their size and spelling.
//! They are for comparing: what is written out is always the number's own text.

/// A JSON number by its exact value: `±digits × 10^exponent`, the digits without leading or
/// trailing zeros (none at all for zero).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Below zero; never set for zero.
    pub negative: bool,
    /// Significant decimal digits.
    pub digits: String,
    /// The power of ten; capped at the bounds of an `i64`.
    pub exponent: i64,
    /// The digits of the power of ten, where they are more than an `i64` holds.
    capped: Option<String>,
}

impl Number {
    pub(super) fn of(checked: &str) -> Self {
        let (mantissa, exponent) = checked.split_once(['e', 'E']).unwrap_or((checked, "0"));
        let (negative, magnitude) =
            mantissa.strip_prefix('-').map_or((false, mantissa), |rest| (true, rest));
        let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_end_matches('0');
        let dropped = all.len() - digits.len();
        let shift = i64::try_from(dropped).unwrap_or(i64::MAX)
            - i64::try_from(fraction.len()).unwrap_or(i64::MAX);
        let digits = digits.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self { negative: false, digits, exponent: 0, capped: None };
        }
        let (exponent, capped) = sum(exponent, shift);
        Self { negative, digits, exponent, capped }
    }
}

/// An exponent as it is spelled and what the point adds to it, capped at the bounds of an `i64`; its digits, if
/// it is.
fn sum(spelled: &str, shift: i64) -> (i64, Option<String>) {
    const LOW: usize = 18;
    const POWER: i64 = 10_i64.pow(18);
    if let Some(sum) = spelled.parse().ok().and_then(|exponent: i64| exponent.checked_add(shift)) {
        return (sum, None);
    }
    let is_negative = spelled.starts_with('-');
    // As far beyond 10^18 as it is, no shift by the length of a text changes its sign.
    let digits = spelled.trim_start_matches(['+', '-', '0']);
    let (high, low) = digits.split_at(digits.len() - LOW);
    let low = low.parse().unwrap_or(0) + if is_negative { -shift } else { shift };
    let high = match low.div_euclid(POWER) {
        0 => high.to_owned(),
        carry => carried(high, carry > 0),
    };
    let digits = format!("{high}{:018}", low.rem_euclid(POWER));
    let digits = digits.trim_start_matches('0');
    let cap = if is_negative { i64::MIN } else { i64::MAX };
    let sign = if is_negative { "-" } else { "" };
    match format!("{sign}{digits}").parse() {
        Ok(exponent) => (exponent, None),
        Err(_) => (cap, Some(digits.to_owned())),
    }
}

/// A decimal number, not zero, one more or one less.
fn carried(digits: &str, is_up: bool) -> String {
    let (turning, turned) = if is_up { ('9', "0") } else { ('0', "9") };
    let kept = digits.trim_end_matches(turning);
    let turned = turned.repeat(digits.len() - kept.len());
    let Some(last) = kept.chars().next_back() else { return format!("1{turned}") };
    let last = if is_up { last as u8 + 1 } else { last as u8 - 1 };
    format!("{}{}{turned}", &kept[..kept.len() - 1], char::from(last))
}

#[cfg(test)]
mod tests {
    use crate::json::Value;

    /// `digits × 10^exponent` in another spelling: the point moved, the exponent with it.
    fn is_same(one: &str, other: &str) -> bool {
        let parse = |text: &str| Value::parse(text.as_bytes()).unwrap();
        parse(one).same_as(&parse(other))
    }

    #[test]
    fn exponents_of_any_size_are_compared_exactly() {
        let nines = "9".repeat(60);
        let one_and_zeros = format!("1{}", "0".repeat(60));
        for (one, other, expected) in [
            ("1e9223372036854775807", "1e9223372036854775808", false),
            ("1e9223372036854775808", "1e9223372036854775809", false),
            ("1e-9223372036854775808", "1e-9223372036854775809", false),
            ("1e9223372036854775808", "-1e9223372036854775808", false),
            ("10e9223372036854775807", "1e9223372036854775808", true),
            ("10e9223372036854775807", "1e9223372036854775807", false),
            ("0.1e9223372036854775808", "1e9223372036854775807", true),
            ("0.1e9223372036854775808", "10e9223372036854775806", true),
            ("1e+0009223372036854775808", "1E9223372036854775808", true),
            ("0.1e-9223372036854775808", "1e-9223372036854775809", true),
            ("10e-9223372036854775809", "1e-9223372036854775808", true),
            (
                "10e999999999999999999999999999999999999999",
                "1e1000000000000000000000000000000000000000",
                true,
            ),
            (
                "0.01e1000000000000000000000000000000000000001",
                "1e999999999999999999999999999999999999999",
                true,
            ),
            ("0e9223372036854775808", "0", true),
        ] {
            assert_eq!(is_same(one, other), expected, "{one} {other}");
        }
        assert!(is_same(&format!("10e{nines}"), &format!("1e{one_and_zeros}")));
        assert!(is_same(&format!("0.1e{one_and_zeros}"), &format!("1e{nines}")));
        assert!(!is_same(&format!("1e{one_and_zeros}"), &format!("1e{nines}")));
    }
}
