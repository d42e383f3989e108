//! Writes an outcome: the answer to stdout, problems and warnings to stderr.

use std::io::{self, BufWriter, Write};

use super::audit;
use super::exit::Exit;
use super::fields;
use super::github::mask;
use super::notice::{Notice, print_warnings};
use super::report;
use super::sarif;
use super::streams::{ColorChoice, Log, OutputOptions, Streams, Terminal, View};
use super::terminal::{Paint, for_terminal, write_json};
use super::text::{self, TokenText};
use crate::json::{Layout, Value};
use crate::outcome::{Answer, Layer, Outcome, WrittenKeys};
use crate::request::Verb;

/// How many bytes of an answer are written at once. Nearly all answers are shorter.
const BUFFER: usize = 64 * 1024;

/// Writes an outcome. Errors are those of stdout.
pub(crate) fn render(
    verb: Verb,
    outcome: &Outcome,
    exit: Exit,
    options: OutputOptions,
    view: &View,
    streams: &mut Streams<'_>,
) -> io::Result<()> {
    // A report or a single claim is for programs, and is coloured only on a terminal.
    let is_data =
        options.json || matches!(outcome.result, Ok(Answer::Claim(_) | Answer::Fields(_)));
    let is_for_programs = is_data && !streams.out_terminal.is_terminal();
    let color = if is_for_programs { ColorChoice::Never } else { options.color };
    let paint = Paint::new(color, streams.out_terminal);
    let terminal = view.terminal(options, streams.out_terminal);
    if options.log == Log::GitHub
        && let Some(token) = outcome.answer().and_then(Answer::made_token)
    {
        let _ = streams.err.write_all(mask(token).as_bytes()).and_then(|()| streams.err.flush());
    }
    let mut out = BufWriter::with_capacity(BUFFER, &mut *streams.out);
    let mut writer = AnswerWriter { options, view, terminal, paint, out: &mut out };
    let written = match &outcome.result {
        _ if options.json => writer.json(&report::report(verb, None, outcome, exit)),
        _ if options.sarif => sarif::write(outcome, exit, writer.out),
        Ok(answer) => writer.write(answer, outcome),
        Err(_) => Ok(()),
    };
    let written = written.and_then(|()| out.flush());
    // Drops the buffer, which would otherwise try again to write it.
    let _ = out.into_parts();
    if options.log == Log::GitHub
        && let Ok(Answer::Audited(report)) = &outcome.result
    {
        let text = audit::annotations(report, options.quiet);
        let _ = streams.err.write_all(text.as_bytes()).and_then(|()| streams.err.flush());
    }
    // In a report they are no annotations.
    if !options.json || options.log == Log::GitHub {
        for problem in outcome.problems() {
            Notice::error(problem.explain()).print(options, streams);
        }
        print_warnings(&outcome.warnings, options, streams);
        if written.is_ok()
            && let Ok(Answer::WrittenKeys(WrittenKeys { note: Some(note), .. })) = &outcome.result
        {
            let (said, next) = &**note;
            Notice::note(said, Some(next)).print(options, streams);
        }
    }
    written
}

struct AnswerWriter<'a> {
    options: OutputOptions,
    view: &'a View,
    terminal: Terminal,
    paint: Paint,
    out: &'a mut dyn Write,
}

impl AnswerWriter<'_> {
    fn write(&mut self, answer: &Answer, outcome: &Outcome) -> io::Result<()> {
        match answer {
            Answer::Done => Ok(()),
            Answer::Encoded(encoded) => writeln!(self.out, "{}", encoded.token),
            Answer::SignedPayload(token, _) => writeln!(self.out, "{token}"),
            Answer::Header(header) => self.json(&header.object.text()),
            Answer::Headers(headers) => {
                let headers: Vec<_> =
                    headers.iter().map(|header| header.object.to_value()).collect();
                self.json(Value::array(&headers).text())
            }
            Answer::Claim(value) => match value.as_string() {
                Some(text) => self.text(&text),
                None => self.json(value.text()),
            },
            Answer::Fields(values) => {
                writeln!(self.out, "{}", fields::line(values, self.terminal.is_terminal()))
            }
            Answer::Payload(bytes) if self.terminal.is_terminal() => {
                self.text(&String::from_utf8_lossy(bytes))
            }
            Answer::Payload(bytes) => self.out.write_all(bytes),
            Answer::Keys(keys) => {
                let text = text::summaries(keys, outcome.now, self.paint);
                self.out.write_all(text.as_bytes())
            }
            Answer::WrittenKeys(written) => match &written.text {
                Some(text) => self.out.write_all(text.expose()),
                None => Ok(()),
            },
            Answer::Verified(..) | Answer::Audited(_)
                if self.options.quiet && !self.options.pretty =>
            {
                Ok(())
            }
            Answer::Audited(report) => {
                let key = outcome.key.as_deref();
                let text = audit::report_text(report, key, self.paint, self.terminal);
                self.out.write_all(text.as_bytes())
            }
            Answer::Verified(..) | Answer::Decoded(..) | Answer::DecodedJws(..) => {
                let (Some(header), Some(claims)) = answer.header_and_claims() else {
                    return Ok(());
                };
                if !self.terminal.is_terminal() {
                    return self.json(&claims.object.text());
                }
                let (paint, terminal) = (self.paint, self.terminal);
                let innermost = outcome.layers.last();
                let is_shared = innermost.is_some_and(Layer::is_shared);
                let title = match answer {
                    Answer::Verified(..) if is_shared => {
                        text::verified_by_encryption(paint, terminal)
                    }
                    Answer::Verified(..) => text::verified(outcome.key.as_deref(), paint, terminal),
                    _ => text::not_verified(is_shared, paint, terminal),
                };
                for layer in outcome.layers.iter().filter(|layer| layer.is_encrypted) {
                    let title = text::decrypted(layer.key.as_ref(), paint, terminal);
                    self.out.write_all(title.as_bytes())?;
                }
                self.out.write_all(title.as_bytes())?;
                let headers = match answer {
                    Answer::DecodedJws(all, _) => all.iter().map(|(header, _)| &**header).collect(),
                    _ => vec![header],
                };
                let (layout, zone, now) = (self.layout(), &self.view.zone(), outcome.now);
                let token = TokenText { headers, claims, now, zone, layout, paint, terminal };
                token.write(self.out)
            }
        }
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        if self.terminal.is_terminal() {
            return writeln!(self.out, "{}", for_terminal(text));
        }
        writeln!(self.out, "{text}")
    }

    fn json(&mut self, text: &str) -> io::Result<()> {
        // Coloured output will be shown on a terminal, even if it goes through a pager.
        let is_for_terminal = self.terminal.is_terminal() || self.paint.is_on;
        write_json(text, self.layout(), is_for_terminal.then_some(self.paint), self.out)?;
        self.out.write_all(b"\n")
    }

    fn layout(&self) -> Layout {
        if self.options.compact { Layout::Compact } else { Layout::Indented }
    }
}
