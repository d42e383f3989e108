//! The summary of a stream: how many items there are of each status and, of those that failed, of each code; and the hint
//! that is the same for all of them.

use super::exit::Exit;
use super::github::annotation;
use super::notice::{Notice, labelled};
use super::report::status;
use super::streams::{Log, OutputOptions, Streams};
use super::terminal::{HINT, Paint};
use crate::audit::Rule;
use crate::explain::Code;
use crate::request::{RowFormat, StreamRequest, Verb};
use crate::text::counted;

/// The hint of all items of a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum SharedHint {
    /// There is no item yet.
    #[default]
    Unset,
    /// All have this one, or none has any.
    Same(Option<String>),
    /// Not all items failed, or they have different hints.
    None,
}

impl SharedHint {
    /// Adds that of another item, which is not asked for if it makes no difference.
    pub(crate) fn add(&mut self, other: impl FnOnce() -> Option<String>) {
        match self {
            Self::None => {}
            Self::Unset => *self = Self::Same(other()),
            Self::Same(hint) => {
                if *hint != other() {
                    *self = Self::None;
                }
            }
        }
    }

    pub(crate) fn merge(&mut self, others: &Self) {
        match others {
            Self::Unset => {}
            Self::Same(hint) => self.add(|| hint.clone()),
            Self::None => *self = Self::None,
        }
    }
}

/// The items of a stream that failed, and the warnings that no row tells.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    /// By the first problem, which decides the status.
    codes: Vec<(Exit, Code, u64)>,
    warnings: Vec<(Code, u64)>,
    /// How many tokens break each rule of `audit`.
    rules: Vec<(Rule, u64)>,
    pub(crate) hint: SharedHint,
}

impl Failures {
    pub(crate) fn add(&mut self, exit: Exit, code: Code) {
        match self.codes.iter_mut().find(|(status, of, _)| (*status, *of) == (exit, code)) {
            Some((.., count)) => *count += 1,
            None => self.codes.push((exit, code, 1)),
        }
    }

    pub(crate) fn add_rule(&mut self, rule: Rule) {
        match self.rules.iter_mut().find(|(of, _)| *of == rule) {
            Some((_, count)) => *count += 1,
            None => self.rules.push((rule, 1)),
        }
    }

    pub(crate) fn add_warning(&mut self, code: Code) {
        match self.warnings.iter_mut().find(|(of, _)| *of == code) {
            Some((_, count)) => *count += 1,
            None => self.warnings.push((code, 1)),
        }
    }

    /// How many failed with this status, by code: ` (2 bad-signature, 1 token-parts)`. Nothing if that is the status
    /// itself.
    fn by_code(&self, exit: Exit) -> String {
        if exit == Exit::Rejected && !self.rules.is_empty() {
            return listed(self.rules.iter().map(|(rule, count)| (rule.id(), *count)).collect());
        }
        let codes = self.codes.iter().filter(|(status, ..)| *status == exit);
        let codes: Vec<_> = codes.map(|(_, code, count)| (code.name(), *count)).collect();
        match codes[..] {
            [(code, _)] if code == exit.name() => String::new(),
            _ => listed(codes),
        }
    }

    /// The hint for a stream of `count` items, if all have failed for the same reason. `is_told` is whether each row has
    /// its own.
    fn hint(&self, count: u64, is_told: bool, plan: &StreamRequest, verb: Verb) -> Option<&str> {
        let failed: u64 = self.codes.iter().map(|(.., count)| count).sum();
        if failed < count || (is_told && count < 2) {
            return None;
        }
        let has_only = |code: fn(Code) -> bool| self.codes.iter().all(|(_, of, _)| code(*of));
        let can_find = matches!(verb, Verb::Decode | Verb::Verify | Verb::Audit) && !plan.finds;
        if can_find && has_only(is_not_a_token) && count > 1 {
            return Some("no line is a token; --find takes tokens out of any text");
        }
        if has_only(|code| code == Code::BadSignature) && !plan.detail.explain && count > 1 {
            return Some("no signature matches; --explain searches for the reason");
        }
        match &self.hint {
            // The hint of an unknown kid goes on with its message.
            SharedHint::Same(hint) if self.codes.len() == 1 => {
                hint.as_deref().filter(|_| !has_only(|code| code == Code::KidUnknown))
            }
            _ => None,
        }
    }
}

/// Whether a text that is not even damaged has this code.
fn is_not_a_token(code: Code) -> bool {
    use Code::{TokenBase64, TokenNotText, TokenParts, TokenWhiteSpace};
    matches!(code, TokenBase64 | TokenNotText | TokenParts | TokenWhiteSpace)
}

/// ` (2 bad-signature, 1 token-parts)`, the most frequent first.
fn listed(mut counts: Vec<(&str, u64)>) -> String {
    if counts.is_empty() {
        return String::new();
    }
    counts.sort_by_key(|(code, count)| (u64::MAX - count, *code));
    let counts: Vec<_> = counts.iter().map(|(code, count)| format!("{count} {code}")).collect();
    format!(" ({})", counts.join(", "))
}

/// The result of a stream.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) counts: Vec<(Exit, u64)>,
    pub(crate) blank: u64,
    pub(crate) failures: Failures,
    /// How long it took and how fast that was, if a progress bar was shown.
    pub(crate) speed: Option<String>,
    /// The signal that ended it, if one did.
    pub(crate) signal: Option<i32>,
}

impl Summary {
    /// Prints it, unless `quiet` forbids that, and the hint for all items, unless `given` says that it was given.
    pub(crate) fn print(
        &self,
        verb: Verb,
        plan: &StreamRequest,
        given: impl Fn(&str) -> bool,
        options: OutputOptions,
        streams: &mut Streams<'_>,
    ) {
        if options.quiet {
            return;
        }
        let terminal = streams.err_terminal;
        let paint = Paint::new(options.color, terminal);
        let name = |exit| match verb {
            Verb::Verify | Verb::Decode | Verb::Audit => status(exit, verb),
            _ => exit.name(),
        };
        let counts = self.counts.iter().map(|(exit, count)| {
            format!("{count} {}{}", name(*exit), self.failures.by_code(*exit))
        });
        let blank = (self.blank > 0).then(|| format!("{} blank", self.blank));
        let parts: Vec<_> = counts.chain(blank).collect();
        let items = self.counts.iter().map(|(_, count)| count).sum::<u64>();
        let lines = counted(items + self.blank, plan.unit());
        let interrupted = if self.signal.is_some() { "interrupted after " } else { "" };
        let counts =
            if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
        let warnings = &self.failures.warnings;
        let warnings = if warnings.is_empty() {
            String::new()
        } else {
            let count: u64 = warnings.iter().map(|(_, count)| count).sum();
            let codes = warnings.iter().map(|(code, count)| (code.name(), *count)).collect();
            format!("; {}{}", counted(count, "warning"), listed(codes))
        };
        let speed = self.speed.as_ref().map(|speed| format!(" ({speed})")).unwrap_or_default();
        let summary = format!("{interrupted}{lines}{counts}{warnings}{speed}");
        let mut text = if options.log == Log::GitHub {
            let has_failed = self.counts.iter().any(|(exit, _)| *exit != Exit::Ok);
            annotation(if has_failed { "error" } else { "notice" }, &summary, &[])
        } else {
            labelled("summary:", HINT, &summary, paint, terminal)
        };
        let is_told = matches!(plan.format, RowFormat::Verdicts(_) | RowFormat::Reports);
        let hint = self.failures.hint(items, is_told, plan, verb).filter(|hint| !given(hint));
        if let Some(hint) = hint {
            text += &Notice::hint_line(hint, paint, terminal);
        }
        let _ = streams.err.write_all(text.as_bytes()).and_then(|()| streams.err.flush());
    }
}
