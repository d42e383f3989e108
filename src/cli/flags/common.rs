//! Flags of several verbs: the input, the output and the clock.

use std::ffi::OsString;
use std::num::NonZero;
use std::thread;

use clap::Args;
use clap::builder::{OsStringValueParser, ValueHint};

use crate::cli::call::{Call, CliError};
use crate::cli::values::{TIME, one_of, path, some_path, text, text_source, threads, time};
use crate::json::Selector;
use crate::output::OutputOptions;
use crate::request::{
    Detail, PathOrStdin, Request, RowContent, RowFilter, RowFormat, StreamRequest, TextSource,
    TokenAction, TokenRequest,
};
use crate::time::When;

#[derive(Args)]
#[command(next_help_heading = "Token")]
pub(crate) struct TokenFlags {
    /// Token, or - for standard input (the default); decode and audit also take @PATH; with --batch or --find: the PATHs to read
    #[arg(help_heading = None, value_name = "TOKEN|PATH", conflicts_with_all = ["token_env", "token_file"],
        value_parser = OsStringValueParser::new())]
    token: Vec<OsString>,
    /// Read the token from the environment variable NAME, so that it does not show in the process list
    #[arg(long, value_name = "NAME", conflicts_with_all = ["batch", "token_file"],
        value_parser = text)]
    token_env: Option<String>,
    /// Read the token from a file; - is standard input
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, conflicts_with = "batch",
        value_parser = some_path())]
    token_file: Option<PathOrStdin>,
}

impl TokenFlags {
    /// Where the token is. Only verbs that trust nothing read the file of `@PATH`.
    pub(crate) fn source(self, reads_files: bool) -> TextSource {
        match (self.token.into_iter().next(), self.token_env, self.token_file) {
            (Some(text), ..) if reads_files || text == "-" => text_source(text),
            (Some(text), ..) => TextSource::Given(text),
            (None, Some(variable), _) => TextSource::Variable(variable),
            (None, None, Some(PathOrStdin::Path(path))) => TextSource::File(path),
            (None, None, Some(PathOrStdin::Stdin)) => TextSource::Stdin,
            (None, None, None) => TextSource::Piped,
        }
    }
}

#[derive(Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputFlags {
    /// Report everything as one JSON object, including failures
    #[arg(short, long)]
    json: bool,
    /// Print JSON on one line
    #[arg(long)]
    pub compact: bool,
}

impl OutputFlags {
    pub(crate) fn format(&self, common: OutputOptions) -> OutputOptions {
        OutputOptions { json: self.json, compact: self.compact, ..common }
    }
}

#[derive(Args)]
#[command(next_help_heading = "Streams")]
pub(crate) struct Common {
    /// Process every line of the PATHs or, without one, of standard input: one row per line, in order, except for blank
    /// lines; the exit code is that of the worst line
    #[arg(long, value_name = "PATH", num_args = 0.., value_hint = ValueHint::FilePath, value_parser = path())]
    pub batch: Option<Vec<PathOrStdin>>,
    /// Number of threads [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = threads)]
    threads: Option<NonZero<usize>>,
    #[command(flatten)]
    pub output: OutputFlags,
    /// Use this time as now: 1767225600.5, 2026-01-01T00:00:00Z, 2026-01-01 (midnight UTC), +30m, -5m
    #[arg(long, help_heading = "Times", value_name = TIME, allow_hyphen_values = true, value_parser = time)]
    at: Option<When>,
}

#[derive(Args)]
pub(crate) struct Explain {
    /// Explain every refused line, as for a single token; this may take a long time
    #[arg(long, help_heading = "Streams")]
    pub explain: bool,
}

// Flags of the streams that read tokens and make none. (A doc comment would become the help of the verb.)
#[derive(Args)]
#[command(next_help_heading = "Streams")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Reading {
    /// Process every token in any text (a log, JSON, mail; also gzip or zstd) in the PATHs or, without one, on standard
    /// input
    #[arg(long, value_name = "PATH", num_args = 0.., value_hint = ValueHint::FilePath,
        conflicts_with_all = ["batch", "token_env", "token_file"], value_parser = path())]
    find: Option<Vec<PathOrStdin>>,
    /// Which items to print rows for [default: all; with --tokens or --lines, verify prints the valid ones, and audit those with findings]
    #[arg(long, value_name = "WHICH", value_parser = one_of([
        ("all", RowFilter::All), ("valid", RowFilter::Valid), ("failed", RowFilter::Failed)]))]
    print: Option<RowFilter>,
    /// Print the tokens themselves, like grep -o: the accepted ones, and with audit those with findings
    #[arg(long, conflicts_with_all = ["json", "compact"])]
    tokens: bool,
    /// Print the lines that have such a token, like grep
    #[arg(long, conflicts_with_all = ["json", "compact", "tokens"])]
    lines: bool,
    /// Print only how many there are of each status, as one JSON object
    #[arg(long, conflicts_with_all = ["json", "compact", "tokens", "lines", "print"])]
    count: bool,
    /// Show the view for people even if the output is no terminal, as for watch, less and the logs of CI
    #[arg(long, help_heading = "Output", conflicts_with_all = ["json", "batch", "find", "tokens", "lines", "count"])]
    pretty: bool,
    #[command(flatten)]
    explain: Explain,
}

impl Reading {
    /// The call of a verb. `rows` is what is printed without a flag that says otherwise.
    pub(crate) fn call(
        self,
        common: &Common,
        token: TokenFlags,
        action: TokenAction,
        rows: RowFormat,
        format: OutputOptions,
        paths: Vec<PathOrStdin>,
    ) -> Result<Call, CliError> {
        let reads_files = matches!(action, TokenAction::Decode(_) | TokenAction::Audit(_));
        let is_decode = matches!(action, TokenAction::Decode(_));
        let rows = match rows {
            _ if self.tokens => RowFormat::Tokens,
            _ if self.lines => RowFormat::Lines,
            _ if self.count => RowFormat::Counts,
            rows => rows,
        };
        if self.print.is_some() && rows == RowFormat::Nothing {
            return Err(CliError::new(
                "--quiet cannot be used with --print: there are no rows to choose from",
                "use only one of them",
            ));
        }
        // What has the form of a token is one for `decode`.
        let is_selection = matches!(rows, RowFormat::Tokens | RowFormat::Lines);
        let is_audit = matches!(action, TokenAction::Audit(_));
        let default = match is_selection {
            true if is_audit => RowFilter::Failed,
            true if !is_decode => RowFilter::Valid,
            _ => RowFilter::All,
        };
        let others = [
            (self.print.is_some(), "--print"),
            (self.tokens, "--tokens"),
            (self.lines, "--lines"),
            (self.count, "--count"),
        ];
        let filter = self.print.unwrap_or(default);
        let format = OutputOptions { pretty: self.pretty, ..format };
        let (finds, explain) = (self.find.is_some(), self.explain.explain);
        let plan = common.plan(finds, paths, explain, &others, rows, filter)?;
        Ok(common.call(token.source(reads_files), action, plan, format))
    }
}

impl Common {
    /// The call of a verb on one token, or on the lines of a stream.
    pub(crate) fn call(
        &self,
        source: TextSource,
        action: TokenAction,
        plan: Option<StreamRequest>,
        format: OutputOptions,
    ) -> Call {
        let request = TokenRequest { source, at: self.at, action };
        match plan {
            Some(plan) => Call::Stream(request, plan, format),
            None => Call::Run(Request::Token(request), format),
        }
    }

    /// The plan of a stream; `None` without `--batch` or `--find`. `paths` are all of its paths.
    ///
    /// # Errors
    /// One of `others`, the flags that only streams have, was given without them. clap's `requires` does not
    /// see it where another flag excludes `--batch`.
    pub(crate) fn plan(
        &self,
        finds: bool,
        paths: Vec<PathOrStdin>,
        explain: bool,
        others: &[(bool, &str)],
        rows: RowFormat,
        filter: RowFilter,
    ) -> Result<Option<StreamRequest>, CliError> {
        // Only the verbs that have `--find` have other flags of streams.
        let can_find = !others.is_empty();
        if self.batch.is_none() && !finds {
            let own = [(self.threads.is_some(), "--threads"), (explain, "--explain")];
            let given = own.iter().chain(others).find(|(is_given, _)| *is_given);
            return given.map_or(Ok(None), |(_, flag)| {
                let (needs, hint) = if can_find {
                    ("--batch or --find: it applies to many tokens", " or --find FILE")
                } else {
                    ("--batch: it applies to a file with one item per line", "")
                };
                Err(CliError::new(
                    format!("{flag} needs {needs}"),
                    format!("omit it, or name the file: --batch FILE{hint}"),
                ))
            });
        }
        let cores = || thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        Ok(Some(StreamRequest {
            sources: paths,
            finds,
            threads: self.threads.unwrap_or_else(cores),
            detail: Detail {
                explain,
                key: rows == RowFormat::Reports,
                matched: matches!(rows, RowFormat::Verdicts(_)),
            },
            format: rows,
            filter,
        }))
    }
}

/// The format of a verb's rows; `shown` is the part of a token that they contain, unless the verb makes tokens.
pub(crate) fn rows(
    shown: Option<RowContent>,
    format: OutputOptions,
    selected: &[Selector],
) -> RowFormat {
    match (shown, selected) {
        _ if format.json => RowFormat::Reports,
        (None, _) => RowFormat::Answers,
        (Some(content), []) => RowFormat::Verdicts(content),
        (Some(_), [_]) => RowFormat::Value,
        (Some(_), _) => RowFormat::Fields,
    }
}
