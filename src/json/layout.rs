//! The spacing of JSON text: compact or indented, every token as it is spelled.
//! It walks text that has been checked, and changes nothing but white space.

use super::tokens::{Token, Tokens};

/// How [`lay_out`] spaces a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One line, no space between tokens.
    Compact,
    /// A member or item a line, indented by 2.
    Indented,
}

/// The deepest indentation, in steps of 2, of a text that is not long and of one that is: white space must not
/// outgrow a hostile text by far.
const DEEPEST: usize = 16;
const DEEPEST_OF_LONG: usize = 1;

/// A line's end and the deepest indentation.
const LINE: &str = "\n                                ";

/// How long a text is that nobody reads to its end, in bytes.
const LONG: usize = 1024 * 1024;

/// What a piece of laid-out text is, for those who paint it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// A member's name, with its quotes.
    Name,
    /// A string, with its quotes.
    String,
    /// A number, `true`, `false` or `null`.
    Scalar,
    /// Brackets, commas, colons and white space.
    Structure,
}

/// A checked value's text in another spacing: tokens are passed on as they are spelled.
#[must_use]
pub fn respaced(checked: &str, layout: Layout) -> String {
    let mut out = String::with_capacity(checked.len() + checked.len() / 4);
    lay_out(checked, layout, &mut |_, piece| out.push_str(piece));
    out
}

/// Walks a checked value's text and emits it piece by piece in the given spacing.
pub fn lay_out(checked: &str, layout: Layout, emit: &mut dyn FnMut(Piece, &str)) {
    let indented = layout == Layout::Indented;
    let mut tokens = Tokens { rest: checked }.peekable();
    let deepest = if checked.len() > LONG { DEEPEST_OF_LONG } else { DEEPEST };
    let mut depth = 0;
    let structure = |text: &str, depth: usize, emit: &mut dyn FnMut(Piece, &str)| {
        emit(Piece::Structure, text);
        if indented {
            emit(Piece::Structure, &LINE[..=2 * depth.min(deepest)]);
        }
    };
    while let Some(token) = tokens.next() {
        match token {
            Token::Open(open) => {
                if let Some(Token::Close(close)) = tokens.peek() {
                    emit(Piece::Structure, open);
                    emit(Piece::Structure, close);
                    tokens.next();
                } else {
                    depth += 1;
                    structure(open, depth, emit);
                }
            }
            Token::Close(close) => {
                depth -= 1;
                structure("", depth, emit);
                emit(Piece::Structure, close);
            }
            Token::Comma => structure(",", depth, emit),
            Token::Colon => emit(Piece::Structure, if indented { ": " } else { ":" }),
            Token::String(text) => {
                let name = matches!(tokens.peek(), Some(Token::Colon));
                emit(if name { Piece::Name } else { Piece::String }, text);
            }
            Token::Scalar(text) => emit(Piece::Scalar, text),
        }
    }
}
