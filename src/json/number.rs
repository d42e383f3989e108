//! JSON numbers by their exact value, for comparing.

/// `±digits × 10^exponent`, in one form for each value: the digits have no leading or trailing zeros, and zero has no
/// digits, no sign and the exponent 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    pub is_negative: bool,
    pub digits: String,
    exponent: String,
}

impl Number {
    /// The value of a valid JSON number.
    pub(super) fn of(checked: &str) -> Self {
        let (mantissa, exponent) = checked.split_once(['e', 'E']).unwrap_or((checked, "0"));
        let magnitude = mantissa.trim_start_matches('-');
        let (whole, fraction) = magnitude.split_once('.').unwrap_or((magnitude, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_end_matches('0');
        let digits = significant.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self { is_negative: false, digits, exponent: "0".to_owned() };
        }
        let length = |text: &str| i64::try_from(text.len()).unwrap_or(i64::MAX);
        let moved = length(&all) - length(significant) - length(fraction);
        Self { is_negative: mantissa.starts_with('-'), digits, exponent: sum(exponent, moved) }
    }

    /// The exponent, capped at the bounds of an `i64`.
    pub(crate) fn exponent(&self) -> i64 {
        let cap = if self.exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        self.exponent.parse().unwrap_or(cap)
    }
}

/// An exponent of any size plus a number no larger than the length of a text.
fn sum(exponent: &str, addend: i64) -> String {
    if let Some(sum) =
        exponent.parse().ok().and_then(|number: i128| number.checked_add(addend.into()))
    {
        return sum.to_string();
    }
    // Beyond an i128, the addend cannot change the sign.
    let sign = if exponent.starts_with('-') { "-" } else { "" };
    let mut carry = if sign.is_empty() { addend } else { -addend };
    let mut reversed = Vec::with_capacity(exponent.len() + 1);
    for digit in exponent.trim_start_matches(['+', '-', '0']).chars().rev() {
        carry += digit.to_digit(10).map_or(0, i64::from);
        let digit = u32::try_from(carry.rem_euclid(10)).ok();
        reversed.extend(digit.and_then(|digit| char::from_digit(digit, 10)));
        carry = carry.div_euclid(10);
    }
    let digits: String = reversed.iter().rev().collect();
    let digits = format!("{carry}{digits}");
    format!("{sign}{}", digits.trim_start_matches('0'))
}
