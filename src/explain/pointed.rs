//! A piece of a text with its faulty place marked, in two lines.

use crate::explain::Spot;

/// The piece, and under it a caret for each character of the place. What is not printable ASCII is
/// shown as `?`, so that each character has the width of one.
pub(super) fn lines(spot: &Spot) -> [String; 2] {
    let (before, after) =
        (if spot.more_before { "..." } else { "" }, if spot.more_after { "..." } else { "" });
    let plain: String =
        spot.text.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect();
    let indent = " ".repeat(before.len() + spot.at);
    [format!("{before}{plain}{after}"), format!("{indent}{}", "^".repeat(spot.width))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_is_below_the_marked_place() {
        let mut spot = Spot {
            text: "ab\n\u{202e}cd".to_owned(),
            at: 2,
            width: 2,
            more_before: false,
            more_after: false,
        };
        assert_eq!(lines(&spot), ["ab??cd", "  ^^"]);
        (spot.more_before, spot.more_after) = (true, true);
        assert_eq!(lines(&spot), ["...ab??cd...", "     ^^"]);
    }

    #[test]
    fn wide_and_joined_characters_are_one_wide() {
        let text = "a\u{1f468}\u{200d}\u{1f469}e\u{301}世x".to_owned();
        let at = text.chars().position(|c| c == '世').unwrap();
        let spot = Spot { text, at, width: 1, more_before: false, more_after: false };
        assert_eq!(lines(&spot), ["a???e??x", "      ^"]);
    }
}
