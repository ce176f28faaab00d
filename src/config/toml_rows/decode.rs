//! A block of tables in, rows out.

use super::events::Events;
use crate::base::Findings;
use crate::base::limits::{ROW_BYTES, USER_ALIASES};
use crate::base::span::{Place, Span};
use crate::config::blocks::{RowPiece, RowPieces};
use crate::config::csv_rules::{MANY_ALIASES, ROW_TOO_LONG};
use crate::config::encoding::not_utf8;
use crate::config::rows::{PasswordSource, RawPassword, RawRow, RowBlock};
use crate::config::rules::{MISSING_KEY, SECRET_SHAPE};
use crate::config::text_checks::check_texts;
use toml_parser::lexer::Token;
use toml_parser::{ParseError, Source};

/// Decodes the tables of a block; see [`crate::config::decode_rows`].
pub(crate) fn decode(block: &RowBlock<'_>, bytes: &[u8], findings: &mut Findings, each: &mut dyn FnMut(&RawRow<'_>, &mut Findings)) {
    let mut tables = Tables::new(block, bytes);
    for piece in RowPieces::new(bytes) {
        if tables.read(piece, findings) {
            each(&tables.events.row, findings);
        }
    }
}

/// Decodes the first table only.
pub(crate) fn read_one<'a>(block: &RowBlock<'_>, bytes: &'a [u8], findings: &mut Findings) -> Option<RawRow<'a>> {
    let mut tables = Tables::new(block, bytes);
    let piece = RowPieces::new(bytes).next()?;
    tables.read(piece, findings).then_some(tables.events.row)
}

struct Tables<'a> {
    offset: u64,
    bytes: &'a [u8],
    /// The whole block as text, where it is UTF-8.
    text: Option<&'a str>,
    tokens: Vec<Token>,
    errors: Vec<ParseError>,
    events: Events<'a>,
}

impl<'a> Tables<'a> {
    fn new(block: &RowBlock<'_>, bytes: &'a [u8]) -> Self {
        let text = std::str::from_utf8(bytes).ok();
        Self { offset: block.offset, bytes, text, tokens: Vec::new(), errors: Vec::new(), events: Events::new(block.file) }
    }
    /// Reads one table; `false` where it gives no row, which a finding says.
    fn read(&mut self, piece: RowPiece, findings: &mut Findings) -> bool {
        let offset = self.offset + piece.start as u64;
        let len = piece.content_end - piece.start;
        if len > ROW_BYTES {
            let at = Span { place: Place::new(self.events.file, offset), len: 9 };
            let title = format!("a user of more than {} KiB", ROW_BYTES >> 10);
            findings.push(ROW_TOO_LONG.finding(title).at(at, "this table").fix(ROW_TOO_LONG.fix));
            return false;
        }
        let Some(text) = self.text_of(piece, offset, findings) else {
            return false;
        };
        self.events.start(text, offset, len);
        self.tokens.clear();
        self.tokens.extend(Source::new(text).lex());
        toml_parser::parser::parse_document(&self.tokens, &mut self.events, &mut self.errors);
        if let Some(error) = self.errors.first() {
            findings.push(self.events.syntax(error));
            self.errors.clear();
            return false;
        }
        self.finish(findings)
    }
    fn text_of(&self, piece: RowPiece, offset: u64, findings: &mut Findings) -> Option<&'a str> {
        if let Some(text) = self.text {
            return Some(&text[piece.start..piece.end]);
        }
        let bytes = &self.bytes[piece.start..piece.end];
        std::str::from_utf8(bytes).map_err(|error| findings.push(not_utf8(bytes, self.events.file, offset, error))).ok()
    }
    fn finish(&mut self, findings: &mut Findings) -> bool {
        let events = &mut self.events;
        events.put_password();
        for found in events.found.drain(..) {
            findings.push(found);
        }
        check_texts(&events.row, findings);
        if events.row.aliases.as_ref().is_some_and(|aliases| aliases.len() > USER_ALIASES) {
            findings.push(
                MANY_ALIASES.finding(format!("more than {USER_ALIASES} aliases")).at(events.header(), "this user").fix(MANY_ALIASES.fix),
            );
        }
        if events.row.address.is_none() {
            findings.push(
                MISSING_KEY
                    .finding("`address` is missing in `[[users]]`")
                    .at(events.header(), "this table")
                    .fix("write the address, or remove the table"),
            );
        }
        events.row.address.is_some()
    }
}

const PLACE: &str = "write { env = \"NAME\" } or { file = \"PATH\" }";

impl Events<'_> {
    /// The line of the header.
    fn header(&self) -> Span {
        let len = self.text.lines().next().map_or(0, |line| line.trim_end().len());
        Span { place: self.row.place, len: u32::try_from(len).unwrap_or(u32::MAX) }
    }
    fn put_password(&mut self) {
        let Some((_, at)) = self.password.written else { return };
        if let Some(from) = self.password.invite.take() {
            self.row.password = Some(RawPassword { from, source: PasswordSource::Invite, rotate: None });
            return;
        }
        let (from, source) = match (self.password.env.take(), self.password.file.take()) {
            (Some(from), None) => (from, PasswordSource::Env),
            (None, Some(from)) => (from, PasswordSource::File),
            (Some(env), Some(file)) => {
                let found = SECRET_SHAPE.finding("a password has two places").at(file.span, "a file").also(env.span, "a variable");
                return self.found.push(found.fix(PLACE));
            }
            (None, None) if self.found.is_empty() => {
                let found = SECRET_SHAPE.finding("a password without `env` or `file`").at(at, "where is it?");
                return self.found.push(found.fix(PLACE));
            }
            (None, None) => return,
        };
        self.row.password = Some(RawPassword { from, source, rotate: self.password.rotate.take() });
    }
}
