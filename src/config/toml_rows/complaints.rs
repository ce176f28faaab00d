//! What is wrong in a `[[users]]` table, in words.
//!
//! Invariant: the value of a password is in no message, and findings name it to be concealed (S10.1).

use super::events::Events;
use super::keys::{PASSWORD_KEYS, Target, USER_KEYS, other_name};
use crate::base::Finding;
use crate::base::nearest::nearest;
use crate::base::printable::printable_short;
use crate::base::span::Span;
use crate::config::reading::syntax::line_at;
use crate::config::reading::syntax_words::explain;
use crate::config::reading::unknown::{is_telling, listed};
use crate::config::rules::{DUPLICATE, INLINE_SECRET, SYNTAX, UNKNOWN_KEY, WRONG_TYPE};
use std::ops::Range;
use toml_parser::{Expected, ParseError, Raw};

/// Most characters of a written word in a message.
const SHOWN: usize = 60;

impl Events<'_> {
    fn range(&self, range: Range<usize>) -> Span {
        self.span(toml_parser::Span::new_unchecked(range.start, range.end))
    }
    /// The finding for the first syntax error of a table.
    pub(super) fn syntax(&self, error: &ParseError) -> Finding {
        let end = toml_parser::Span::new_unchecked(self.text.len(), self.text.len());
        let at = error.unexpected().or(error.context()).unwrap_or(end);
        let at = at.start().min(self.text.len())..at.end().min(self.text.len());
        let words = explain(&message(error), self.text, at.clone());
        let found = SYNTAX.finding(words.title).at(self.range(words.at.unwrap_or(at.clone())), words.label);
        let found = match words.replace {
            Some((range, with)) => found.replace(words.fix, self.range(range), with),
            None => found.fix(words.fix),
        };
        let line = line_at(self.text, at.start);
        match self.text[line.clone()].find('=').filter(|equals| is_telling(&self.text[line.start..line.start + equals])) {
            Some(equals) => found.conceal(self.range(line.start + equals + 1..line.end)),
            None => found,
        }
    }
    pub(super) fn unknown_key(&mut self, key: &str, span: toml_parser::Span, known: &[&'static str]) -> Target {
        let at = self.span(span);
        let in_password = known.len() == PASSWORD_KEYS.len();
        let table = if in_password { "`password`" } else { "`[[users]]`" };
        let found =
            UNKNOWN_KEY.finding(format!("unknown key `{}` in {table}", printable_short(key, SHOWN))).at(at, "not a key of this table");
        let meant = nearest(key, known.iter().copied()).or_else(|| other_name(key).filter(|name| known.contains(name)));
        self.found.push(match (key, meant) {
            ("password_env" | "rotate", _) if !in_password => {
                found.fix("write `password = { env = \"NAME\", rotate = \"TEXT\" }`; the two columns are of CSV only")
            }
            (_, Some(word)) => found.replace(format!("did you mean `{word}`?"), at, word),
            (_, None) => found.fix(format!("remove it, or use one of {}", listed(known))),
        });
        self.conceal_next = in_password || is_telling(key);
        Target::Skip
    }
    /// A table below a user that is not its password.
    pub(super) fn refuse_part(&mut self, key: &str, span: toml_parser::Span, array: bool) {
        let at = self.span(span);
        if array && key == "password" {
            let found = WRONG_TYPE.finding("`password` is one table, not a list of tables").at(at, "written with `[[…]]`");
            self.found.push(found.fix("write `[users.password]`"));
        } else if USER_KEYS.contains(&key) {
            let found = WRONG_TYPE.finding(format!("`{key}` is not a table")).at(at, "written as a table");
            self.found.push(found.fix("write it as a key of the user"));
        } else {
            let found = UNKNOWN_KEY.finding(format!("unknown table `users.{}`", printable_short(key, SHOWN))).at(at, "not known here");
            self.found.push(match nearest(key, ["password"]) {
                Some(word) => found.replace(format!("did you mean `{word}`?"), at, word),
                None => found.fix("a user has one table only: `[users.password]`; start another user with `[[users]]`"),
            });
        }
        // what a refused table holds is not known: none of it is shown
        let rest = self.range(span.end()..self.text.len());
        if let Some(found) = self.found.last_mut() {
            found.conceal = Some(rest);
        }
    }
    pub(super) fn twice(&mut self, name: &str, here: Span, first: Span) {
        let found = DUPLICATE.finding(format!("`{name}` is written twice in one user")).at(here, "again here").also(first, "first here");
        self.found.push(found.fix("remove one of the two"));
    }
    pub(super) fn wrong_type(&mut self, target: Target, is: &str, span: toml_parser::Span, instead: Option<String>) {
        if target == Target::Skip {
            return;
        }
        let at = self.span(span);
        if target == Target::Aliases && self.row_aliases_open() {
            let found = WRONG_TYPE.finding(format!("an alias is {is}")).at(at, "must be a text in quotes");
            return self.found.push(found.fix("write each alias as a text: `aliases = [\"a@acme.example\", \"b@acme.example\"]`"));
        }
        let found = WRONG_TYPE.finding(format!("`{}` must be {}", target.name(), target.wants())).at(at, format!("this is {is}"));
        let fix = format!("write {}", target.wants());
        self.found.push(match instead {
            Some(text) => found.replace(fix, at, text),
            None => found.fix(fix),
        });
    }
    /// A value without quotes where a text is wanted.
    pub(super) fn unquoted(&mut self, target: Target, raw: Raw<'_>, span: toml_parser::Span) {
        let quoted = format!("\"{}\"", raw.as_str());
        let is = match raw.as_str().as_bytes().first() {
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => "a number or date",
            _ if matches!(raw.as_str(), "true" | "false") => "true or false",
            _ => "without quotes",
        };
        let quoted = if target == Target::Aliases && !self.row_aliases_open() { format!("[{quoted}]") } else { quoted };
        let safe = !raw.as_str().contains(['"', '\\']);
        self.wrong_type(target, is, span, safe.then_some(quoted));
    }
    /// A secret in a file. The value is not repeated, and the label is on the key.
    pub(super) fn inline_password(&mut self, value: toml_parser::Span) {
        let found = INLINE_SECRET.finding("`password` holds a secret in clear text").at(self.span(self.key), "a reference belongs here");
        let found = found.note("change the password if this file was ever shared or committed");
        self.found.push(found.fix("write { env = \"NAME\" } or { file = \"PATH\" }").conceal(self.span(value)));
    }
}

/// The parser's message in the form of the library that wraps it: `what, expected a, b`.
fn message(error: &ParseError) -> String {
    let wanted = error.expected().unwrap_or_default().iter().map(|expected| match expected {
        Expected::Literal("\n") => "newline".to_owned(),
        Expected::Literal(text) => format!("`{text}`"),
        Expected::Description(text) => (*text).to_owned(),
        _ => "etc".to_owned(),
    });
    let wanted: Vec<String> = wanted.collect();
    if wanted.is_empty() { error.description().to_owned() } else { format!("{}, expected {}", error.description(), wanted.join(", ")) }
}
