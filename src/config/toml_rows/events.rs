//! Receives the events of one `[[users]]` table and fills the row.
//!
//! A row, its vector of aliases and the list of findings are used again for every table. Findings wait in
//! [`Events::found`] until the table is known to be free of syntax errors.

use super::keys::{INVITE, PASSWORD_KEYS, TARGETS, Table, Target, USER_KEYS};
use crate::base::Finding;
use crate::base::span::{FileId, Place, Span};
use crate::config::rows::{Cell, RawRow};
use std::borrow::Cow;
use toml_parser::decoder::Encoding;
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, Raw};

/// How a password table is written; two ways in one user would add up in ways that nobody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Dotted,
    Inline,
    Header,
}

/// The parts of a password as they come.
#[derive(Debug, Default)]
pub(super) struct PasswordParts<'a> {
    pub written: Option<(Written, Span)>,
    pub env: Option<Cell<'a>>,
    pub file: Option<Cell<'a>>,
    pub rotate: Option<Cell<'a>>,
    pub invite: Option<Cell<'a>>,
}

/// The receiver.
#[derive(Debug)]
pub(super) struct Events<'a> {
    pub file: FileId,
    /// Where the table starts in its file.
    pub offset: u64,
    pub text: &'a str,
    pub row: RawRow<'a>,
    pub password: PasswordParts<'a>,
    pub found: Vec<Finding>,
    aliases: Vec<Cell<'a>>,
    table: Table,
    /// Keys read of the header that is being read; `None` outside of headers.
    header: Option<u32>,
    header_is_array: bool,
    /// The next key belongs to the table that the last key named.
    dotted: bool,
    pub(super) target: Target,
    pub(super) key: toml_parser::Span,
    /// The last finding is of a key whose value may be a secret: it is concealed when it comes.
    pub(super) conceal_next: bool,
    arrays: u32,
    inline_tables: u32,
    seen: u16,
    first: [Span; TARGETS],
}

impl<'a> Events<'a> {
    pub(super) fn new(file: FileId) -> Self {
        let nowhere = Span { place: Place::new(file, 0), len: 0 };
        Self {
            file,
            offset: 0,
            text: "",
            row: RawRow::new(nowhere.place),
            password: PasswordParts::default(),
            found: Vec::new(),
            aliases: Vec::new(),
            table: Table::User,
            header: None,
            header_is_array: false,
            dotted: false,
            target: Target::Skip,
            key: toml_parser::Span::default(),
            conceal_next: false,
            arrays: 0,
            inline_tables: 0,
            seen: 0,
            first: [nowhere; TARGETS],
        }
    }
    /// Makes ready for the next table.
    pub(super) fn start(&mut self, text: &'a str, offset: u64, len: usize) {
        if let Some(mut aliases) = self.row.aliases.take() {
            aliases.clear();
            self.aliases = aliases;
        }
        self.row = RawRow::new(Place::new(self.file, offset));
        self.row.len = u32::try_from(len).unwrap_or(u32::MAX);
        if self.password.written.is_some() {
            self.password = PasswordParts::default();
        }
        self.found.clear();
        (self.text, self.offset, self.seen) = (text, offset, 0);
        (self.table, self.target, self.conceal_next) = (Table::User, Target::Skip, false);
        (self.header, self.dotted, self.arrays, self.inline_tables) = (None, false, 0, 0);
    }
    /// The span in the file.
    pub(super) fn span(&self, span: toml_parser::Span) -> Span {
        let place = Place::new(self.file, self.offset + span.start() as u64);
        Span { place, len: u32::try_from(span.len()).unwrap_or(u32::MAX) }
    }
    /// The end of the table's text.
    fn end(&self) -> toml_parser::Span {
        toml_parser::Span::new_unchecked(self.text.len(), self.text.len())
    }
    /// Conceals a value below a key that may name a secret, and whatever stands for a password.
    fn conceal_value(&mut self, value: toml_parser::Span) {
        let conceals = std::mem::take(&mut self.conceal_next) || (self.target == Target::Password && self.arrays > 0);
        let span = self.span(value);
        if let Some(found) = self.found.last_mut().filter(|_| conceals) {
            found.conceal = Some(span);
        }
    }
    pub(super) fn raw(&self, span: toml_parser::Span, encoding: Option<Encoding>) -> Raw<'a> {
        Raw::new_unchecked(&self.text[span.start()..span.end()], encoding, span)
    }
    fn header_key(&mut self, key: &str, count: u32, span: toml_parser::Span) {
        self.header = Some(count + 1);
        self.table = match (count, key) {
            (0, "users") => Table::User,
            (1, "password") if !self.header_is_array => Table::Password,
            (1, _) => {
                self.refuse_part(key, span, self.header_is_array);
                Table::Skip
            }
            _ => {
                if self.table != Table::Skip {
                    self.refuse_part(key, span, self.header_is_array);
                }
                Table::Skip
            }
        };
        self.key = span;
    }
    fn resolve(&mut self, key: &str, span: toml_parser::Span) -> Target {
        let dotted = std::mem::take(&mut self.dotted);
        let table = match (dotted, self.target) {
            (true, Target::Password) => Table::Password,
            (true, Target::Skip) => Table::Skip,
            (true, holder) => {
                self.wrong_type(holder, "a table", self.key, None);
                Table::Skip
            }
            (false, _) if self.inline_tables > 0 => Table::Password,
            (false, _) => self.table,
        };
        self.key = if dotted { self.key.append(span) } else { span };
        match table {
            Table::Skip => Target::Skip,
            Table::User => Target::in_user(key).unwrap_or_else(|| self.unknown_key(key, span, &USER_KEYS)),
            Table::Password => {
                if dotted {
                    self.password_written(Written::Dotted);
                }
                Target::in_password(key).unwrap_or_else(|| self.unknown_key(key, span, &PASSWORD_KEYS))
            }
        }
    }
    /// Notes how the password is written; a second way is an error.
    fn password_written(&mut self, how: Written) {
        let here = self.span(self.key);
        match self.password.written {
            None => self.password.written = Some((how, here)),
            Some((Written::Dotted, _)) if how == Written::Dotted => {}
            Some((_, first)) => self.twice("password", here, first),
        }
    }
    /// Notes that a key has a value; a second one is an error. A password is noted when its table opens.
    fn mark(&mut self) {
        if matches!(self.target, Target::Skip | Target::Password) {
            return;
        }
        let (index, here) = (self.target as usize, self.span(self.key));
        if self.seen & (1 << index) != 0 {
            self.twice(self.target.name(), here, self.first[index]);
        } else {
            self.seen |= 1 << index;
            self.first[index] = here;
        }
    }
    /// Whether a list of aliases is being read.
    pub(super) fn row_aliases_open(&self) -> bool {
        self.arrays > 0
    }
    fn put(&mut self, cell: Cell<'a>) {
        match self.target {
            Target::Address => self.row.address = Some(cell),
            Target::FirstName => self.row.first_name = Some(cell),
            Target::LastName => self.row.last_name = Some(cell),
            Target::Kind => self.row.kind = Some(cell),
            Target::Status => self.row.status = Some(cell),
            Target::Group => self.row.group = Some(cell),
            Target::PreviousAddress => self.row.previous_address = Some(cell),
            Target::PasswordEnv => self.password.env = Some(cell),
            Target::PasswordFile => self.password.file = Some(cell),
            Target::PasswordRotate => self.password.rotate = Some(cell),
            Target::Aliases => self.aliases.push(cell),
            Target::Password | Target::Skip => {}
        }
    }
}

/// Whether a text is the word that stands for a request-password mail.
fn is_invite(raw: Raw<'_>) -> bool {
    let mut text = Cow::Borrowed("");
    let _ = raw.decode_scalar(&mut text, &mut ());
    text == INVITE
}

/// Where a text stands without its quotes.
fn inside(span: toml_parser::Span, encoding: Encoding) -> toml_parser::Span {
    let quotes = match encoding {
        Encoding::BasicString | Encoding::LiteralString => 1,
        Encoding::MlBasicString | Encoding::MlLiteralString => 3,
    };
    if span.len() < 2 * quotes { span } else { toml_parser::Span::new_unchecked(span.start() + quotes, span.end() - quotes) }
}

impl EventReceiver for Events<'_> {
    fn array_table_open(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        (self.header, self.header_is_array) = (Some(0), true);
    }
    fn array_table_close(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.header = None;
    }
    fn std_table_open(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        (self.header, self.header_is_array) = (Some(0), false);
    }
    fn std_table_close(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.header = None;
        if self.table == Table::Password {
            self.password_written(Written::Header);
        }
    }
    fn simple_key(&mut self, span: toml_parser::Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        let mut key = Cow::Borrowed("");
        self.raw(span, encoding).decode_key(&mut key, errors);
        match self.header {
            Some(count) => self.header_key(&key, count, span),
            None => self.target = self.resolve(&key, span),
        }
    }
    fn key_sep(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.dotted = self.header.is_none();
    }
    fn key_val_sep(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.mark();
    }
    fn array_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.arrays += 1;
        let fits = self.target == Target::Aliases && self.arrays == 1;
        if fits {
            self.aliases.clear();
        } else {
            self.wrong_type(self.target, "a list", span, None);
            self.conceal_value(span.append(self.end()));
        }
        fits
    }
    fn array_close(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.arrays = self.arrays.saturating_sub(1);
        if self.arrays == 0 && self.target == Target::Aliases {
            self.row.aliases = Some(std::mem::take(&mut self.aliases));
        }
    }
    fn inline_table_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.inline_tables += 1;
        let fits = self.target == Target::Password && self.inline_tables == 1;
        if fits {
            self.password_written(Written::Inline);
        } else {
            self.wrong_type(self.target, "a table", span, None);
            self.conceal_value(span.append(self.end()));
        }
        fits
    }
    fn inline_table_close(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.inline_tables = self.inline_tables.saturating_sub(1);
    }
    fn scalar(&mut self, span: toml_parser::Span, encoding: Option<Encoding>, errors: &mut dyn ErrorSink) {
        let raw = self.raw(span, encoding);
        self.conceal_value(span);
        match (self.target, encoding) {
            (Target::Skip, _) => _ = raw.decode_scalar(&mut (), errors),
            _ if raw.is_empty() => _ = raw.decode_scalar(&mut (), errors),
            (Target::Password, Some(encoding)) if self.arrays == 0 && is_invite(raw) => {
                self.password_written(Written::Inline);
                self.password.invite = Some(Cell { text: Cow::Borrowed(INVITE), span: self.span(inside(span, encoding)) });
            }
            (Target::Password, _) => self.inline_password(span),
            (Target::Aliases, Some(_)) if self.arrays == 0 => {
                self.wrong_type(Target::Aliases, "a text", span, Some(format!("[{}]", raw.as_str())))
            }
            (target, None) => self.unquoted(target, raw, span),
            (_, Some(encoding)) => {
                let mut text = Cow::Borrowed("");
                let _ = raw.decode_scalar(&mut text, errors);
                self.put(Cell { text, span: self.span(inside(span, encoding)) });
            }
        }
    }
    fn comment(&mut self, span: toml_parser::Span, errors: &mut dyn ErrorSink) {
        self.raw(span, None).decode_comment(errors);
    }
    fn newline(&mut self, span: toml_parser::Span, errors: &mut dyn ErrorSink) {
        self.raw(span, None).decode_newline(errors);
    }
}
