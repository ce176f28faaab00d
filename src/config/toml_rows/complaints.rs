//! What is wrong in a `[[users]]` table, in words.
//!
//! Invariant: the value of a password is in no message.

use super::events::Events;
use super::keys::{PASSWORD_KEYS, Target, USER_KEYS, other_name};
use crate::base::Finding;
use crate::base::printable::{printable, printable_short};
use crate::base::span::Span;
use crate::config::csv_rules::{INLINE_PASSWORD, KEY_TWICE, SYNTAX, UNKNOWN_KEY, WRONG_TYPE, finding};
use crate::config::suggest::nearest;
use toml_parser::{Expected, ParseError, Raw};

/// Most characters of a written word in a message.
const SHOWN: usize = 60;

impl Events<'_> {
    /// The finding for the first syntax error of a table.
    pub(super) fn syntax(&self, error: &ParseError) -> Finding {
        let end = toml_parser::Span::new_unchecked(self.text.len(), self.text.len());
        let at = error.unexpected().or(error.context()).unwrap_or(end);
        let wanted: Vec<String> = error.expected().unwrap_or_default().iter().map(word).collect();
        let label = if wanted.is_empty() { "here".to_owned() } else { format!("expected {}", wanted.join(" or ")) };
        let found = finding(&SYNTAX, format!("invalid TOML: {}", error.description())).at(self.span(at), label);
        match error.expected() {
            Some([Expected::Literal(text)]) if at.is_empty() => found.replace(format!("write `{text}` here"), self.span(at), *text),
            _ if wanted.is_empty() => found.fix(SYNTAX.fix),
            _ => found.fix(format!("write {} here", wanted.join(" or "))),
        }
    }
    pub(super) fn unknown_key(&mut self, key: &str, span: toml_parser::Span, known: &[&str]) -> Target {
        let at = self.span(span);
        let found = finding(&UNKNOWN_KEY, format!("unknown key `{}`", printable_short(key, SHOWN))).at(at, "not known here");
        let meant = nearest(key, known).or_else(|| other_name(key).filter(|name| known.contains(name)));
        self.found.push(match (key, meant) {
            ("password_env" | "rotate", _) if known.len() == USER_KEYS.len() => {
                found.fix("write `password = { env = \"NAME\", rotate = \"TEXT\" }`; the two columns are of CSV only")
            }
            (_, Some(word)) => found.replace(format!("did you mean `{word}`?"), at, word),
            (_, None) => found.fix(format!("write one of: {}", known.join(" "))),
        });
        Target::Skip
    }
    /// A table below a user that is not its password.
    pub(super) fn refuse_part(&mut self, key: &str, span: toml_parser::Span, array: bool) {
        if array && key == "password" {
            let found = finding(&WRONG_TYPE, "`password` is one table, not a list of tables").at(self.span(span), "written with `[[…]]`");
            self.found.push(found.fix("write `[users.password]`"));
        } else if PASSWORD_KEYS.contains(&key) || Target::in_user(key).is_some() {
            let found = finding(&WRONG_TYPE, format!("`{key}` is not a table")).at(self.span(span), "written as a table");
            self.found.push(found.fix("write it as a key of the user"));
        } else {
            let at = self.span(span);
            let found = finding(&UNKNOWN_KEY, format!("unknown table `users.{}`", printable_short(key, SHOWN))).at(at, "not known here");
            self.found.push(match nearest(key, &["password"]) {
                Some(word) => found.replace(format!("did you mean `{word}`?"), at, word),
                None => found.fix("a user has one table only: `[users.password]`; start another user with `[[users]]`"),
            });
        }
    }
    pub(super) fn twice(&mut self, name: &str, here: Span, first: Span) {
        let found = finding(&KEY_TWICE, format!("`{name}` is written twice in one user")).at(here, "again").also(first, "first here");
        self.found.push(found.fix(KEY_TWICE.fix));
    }
    pub(super) fn wrong_type(&mut self, target: Target, is: &str, span: toml_parser::Span, instead: Option<String>) {
        if target == Target::Skip {
            return;
        }
        if target == Target::Aliases && self.row_aliases_open() {
            let found = finding(&WRONG_TYPE, format!("an alias is {is}")).at(self.span(span), "must be a text in quotes");
            return self.found.push(found.fix("write each alias as a text: `aliases = [\"a@acme.example\", \"b@acme.example\"]`"));
        }
        let title = format!("`{}` is {is}", target.name());
        let found = finding(&WRONG_TYPE, title).at(self.span(span), format!("must be {}", target.wants()));
        let fix = format!("write {}", target.wants());
        self.found.push(match instead {
            Some(text) => found.replace(fix, self.span(span), text),
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
    pub(super) fn inline_password(&mut self) {
        let found = finding(&INLINE_PASSWORD, "a password is written in the file").at(self.span(self.key), "its value is not shown");
        self.found.push(found.note("files hold references to secrets, never secrets (S10.1)").fix(INLINE_PASSWORD.fix));
    }
}

fn word(expected: &Expected) -> String {
    match expected {
        Expected::Literal("\n") => "the end of the line".into(),
        Expected::Literal(text) => format!("`{}`", printable(text)),
        Expected::Description(text) => (*text).into(),
        _ => "something else".into(),
    }
}
