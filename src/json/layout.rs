//! The spacing of JSON text. Only white space changes; every token keeps its spelling.

use super::tokens::{Token, Tokens};

/// How a text is spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One line, no space between tokens.
    Compact,
    /// One member or item per line, indented by two spaces.
    Indented,
}

/// A line break and the deepest indentation.
const BREAK: &str = "\n                                ";

/// Longer texts, in bytes, are indented by one step only: white space must not multiply the size of a hostile text.
const LONG: usize = 1024 * 1024;

/// What a piece of laid-out text is, for its colour. Names and strings come with their quotes, scalars are numbers,
/// booleans and null, and structure is everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    Name,
    String,
    Scalar,
    Structure,
}

/// Valid JSON text in another spacing.
pub fn respaced(checked: &str, layout: Layout) -> String {
    let mut out = String::with_capacity(checked.len() + checked.len() / 4);
    lay_out(checked, layout, &mut |_, piece| out.push_str(piece));
    out
}

/// Emits valid JSON text in another spacing, piece by piece.
pub(crate) fn lay_out(checked: &str, layout: Layout, emit: &mut dyn FnMut(Piece, &str)) {
    let indented = layout == Layout::Indented;
    let widest = if checked.len() > LONG { 2 } else { BREAK.len() - 1 };
    let mut tokens = Tokens { rest: checked }.peekable();
    let mut depth = 0;
    let structure = |text: &str, depth: usize, emit: &mut dyn FnMut(Piece, &str)| {
        emit(Piece::Structure, text);
        if indented {
            emit(Piece::Structure, &BREAK[..=widest.min(2 * depth)]);
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
