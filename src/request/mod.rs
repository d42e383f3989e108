//! The request that a command line makes, as plain data.

mod common;
mod keys;
mod stream;
mod token;

use std::path::PathBuf;

use crate::token::Hidden;

pub(crate) use common::{Choice, PathOrStdin, Verb};
pub(crate) use keys::{
    ChainRequest, KeyAction, KeyCommand, KeyLocation, KeyRequest, KidChoice, NamedKey, Network,
    NewKey, SignerCommand, ThumbprintKind,
};
pub(crate) use stream::{Detail, RowContent, RowFilter, RowFormat, StreamRequest};
pub(crate) use token::{
    Assignment, AuditRequest, DecodeRequest, Dpop, EncodeRequest, EncryptionRequest, Expiry,
    KeyBinding, RefreshRequest, Serialization, TextSource, TokenAction, TokenChecks, TokenRequest,
    VerifyRequest,
};

#[derive(Debug)]
pub(crate) enum Request {
    Token(TokenRequest),
    Key(Box<KeyCommand>),
    /// `man --dir`: the folder, which must exist, and the names and contents of the pages.
    Man(PathBuf, Vec<(String, Vec<u8>)>),
}

impl Request {
    pub(crate) fn verb(&self) -> Verb {
        match self {
            Self::Token(request) => request.verb(),
            Self::Key(_) => Verb::Key,
            Self::Man(..) => Verb::Man,
        }
    }
}

/// `redact`: a text with tokens in it, and what is hidden of them.
#[derive(Debug)]
pub(crate) struct RedactRequest {
    /// Where the text is; by default on standard input.
    pub(crate) source: Option<PathOrStdin>,
    pub(crate) hidden: Hidden,
    /// Whether as many characters take the place of what is hidden.
    pub(crate) same_length: bool,
}
