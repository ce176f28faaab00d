//! Unknown keys and words, and what the person most likely meant. The message names newer releases as a possible cause
//! (S20).

use super::Reading;
use crate::base::Span;
use crate::base::nearest::nearest;
use crate::base::printable::printable_short;
use crate::config::rules;
use toml::Spanned;
use toml::de::{DeString, DeTable};

/// Longest part of an unknown word that is shown, in characters.
const SHOWN_CHARS: usize = 60;

/// Words as a person lists them: `a, b or c`.
#[must_use]
pub fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|w| format!("`{w}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// Whether a key's name tells that its value is a secret: what stands there is then never shown.
#[must_use]
pub fn is_telling(key: &str) -> bool {
    let key = key.to_lowercase();
    ["password", "passwd", "token", "secret", "credential", "api_key", "apikey"].iter().any(|word| key.contains(word))
}

impl Reading<'_> {
    /// Makes a finding of every key of the table that is not known there. Tells whether there was one.
    pub fn unknown_keys(&mut self, table: &DeTable<'_>, keys: &'static [&'static str]) -> bool {
        let mut any = false;
        for (key, value) in table.iter().filter(|(k, _)| !keys.contains(&k.get_ref().as_ref())) {
            let secret = is_telling(key.get_ref()) && !value.get_ref().is_table();
            let conceal = secret.then(|| self.span(value.span()));
            self.unknown_key(key, keys, conceal);
            any = true;
        }
        any
    }
    fn unknown_key(&mut self, key: &Spanned<DeString<'_>>, keys: &'static [&'static str], conceal: Option<Span>) {
        let (span, text) = (self.span(key.span()), printable_short(key.get_ref(), SHOWN_CHARS));
        let finding = rules::UNKNOWN_KEY.finding(format!("unknown key `{text}` in {}", self.here()));
        let mut finding = finding.at(span, "not a key of this table");
        finding.conceal = conceal;
        let elsewhere = self.known.iter().find(|(_, there)| there.contains(&key.get_ref().as_ref())).map(|(header, _)| *header);
        let finding = match (nearest(key.get_ref(), keys.iter().copied()), elsewhere) {
            (Some(near), _) => finding.replace(format!("did you mean `{near}`?"), span, near),
            (None, Some(header)) => finding.fix(format!("`{text}` belongs to {header}: move it there, above the next header")),
            (None, None) if keys.is_empty() => finding.fix("remove it: this table has no keys"),
            (None, None) => finding.fix(format!("remove it, or use one of {}", listed(keys))),
        };
        self.push(finding.note("a newer release of mailwright may know this key; this one does not"));
    }
    /// Makes a finding of an unknown word. The fix replaces the whole string.
    pub fn unknown_word(&mut self, written: &str, span: Span, words: &[&'static str]) {
        let (name, text) = (self.last(), printable_short(written, SHOWN_CHARS));
        let finding = rules::UNKNOWN_WORD.finding(format!("`{text}` is not a value of `{name}`"));
        let finding = finding.at(span, format!("expected {}", listed(words)));
        self.push(match nearest(written, words.iter().copied()) {
            Some(near) => finding.replace(format!("did you mean \"{near}\"?"), span, format!("\"{near}\"")),
            None => finding.fix(format!("write {}", listed(words))),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_listed_as_people_do() {
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` or `c`");
        assert_eq!(listed(&["a"]), "`a`");
    }
}
