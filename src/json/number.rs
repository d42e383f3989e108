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
}

impl Number {
    pub(super) fn of(checked: &str) -> Self {
        let (mantissa, exponent) = checked.split_once(['e', 'E']).unwrap_or((checked, "0"));
        let exponent: i64 =
            exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
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
            return Self { negative: false, digits, exponent: 0 };
        }
        Self { negative, digits, exponent: exponent.saturating_add(shift) }
    }
}
