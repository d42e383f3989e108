//! The blocks of a PEM text (RFC 7468): their labels and contents, not what they mean.
//!
//! No library does this: those that accept lenient PEM repeat lines of the key in their errors and leave its base64
//! in memory. Here a block is decoded into a buffer that is wiped, and an error says where, never what.

use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::keys::bytes::decode;
use crate::keys::error::plain;
use crate::secret::Secret;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// A block: its label, and its bytes, which are wiped in any case.
pub(super) struct Block {
    pub label: String,
    /// Whether its headers say that it is encrypted (RFC 1421 section 4.6.1.1).
    pub encrypted: bool,
    pub der: Secret,
}

/// Reads all blocks of a text and skips what is around them.
pub(super) fn read_blocks(text: &str) -> Result<Vec<Block>, &'static str> {
    let text = unfolded(text);
    let mut lines = text.lines().map(str::trim);
    let mut blocks = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix(BEGIN) {
            let label = rest.strip_suffix(DASHES).ok_or("its BEGIN line does not end in dashes")?;
            blocks.push(read_block(label, &mut lines)?);
        }
    }
    if blocks.is_empty() { Err("there is no BEGIN line") } else { Ok(blocks) }
}

/// The text with BEGIN and END on lines of their own. A variable may contain `\n` or `\r\n` in place of line breaks, or
/// spaces if it was not quoted, or its quotes.
fn unfolded(text: &str) -> Zeroizing<String> {
    let text = unescaped(text);
    let mut out = Zeroizing::new(String::with_capacity(text.len() / 4 * 5 + 8));
    let mut rest = text.as_str();
    while let Some(at) = rest.find(DASHES) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if !rest.starts_with(BEGIN) && !rest.starts_with(END) {
            out.push('-');
            rest = &rest[1..];
            continue;
        }
        let closed = rest[DASHES.len()..].find(DASHES).map(|end| end + 2 * DASHES.len());
        let closed = closed.filter(|end| !rest[..*end].contains('\n'));
        let length = closed.unwrap_or(DASHES.len());
        out.push('\n');
        out.push_str(&rest[..length]);
        out.push_str(if closed.is_some() { "\n" } else { "" });
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The text with `\n` and `\r` as line breaks.
fn unescaped(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    for (i, piece) in text.split('\\').enumerate() {
        match piece.strip_prefix(['n', 'r']) {
            Some(rest) if i > 0 => {
                out.push('\n');
                out.push_str(rest);
            }
            _ => out.push_str(piece),
        }
    }
    out
}

/// Reads a block's lines up to its END, into a buffer that is as large as they are and never moves.
fn read_block<'a>(
    label: &str,
    lines: &mut (impl Iterator<Item = &'a str> + Clone),
) -> Result<Block, &'static str> {
    let own = lines.clone().take_while(|line| !line.starts_with(DASHES));
    let mut base64 = Zeroizing::new(Vec::with_capacity(own.map(str::len).sum()));
    let mut encrypted = false;
    for line in lines {
        if let Some(rest) = line.strip_prefix(END) {
            if rest.strip_suffix(DASHES) != Some(label) {
                return Err("its END label differs from its BEGIN label");
            }
            let der =
                decode(&STANDARD, &base64).ok_or("the text between BEGIN and END is not base64")?;
            let in_label =
                |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b" .".contains(&b);
            let label = plain(label, in_label).to_owned();
            return Ok(Block { label, encrypted, der: der.into() });
        }
        if line.starts_with(DASHES) {
            return Err("a block begins before the previous one has ended");
        }
        if line.contains(':') {
            encrypted |= line.starts_with("Proc-Type:") && line.contains("ENCRYPTED");
        } else {
            base64.extend(line.bytes().filter(|b| !b.is_ascii_whitespace()));
        }
    }
    Err("there is a BEGIN without its END: was it truncated?")
}
