//! Which lines of a TOML text start a table, without parsing it: strings over lines, brackets and comments are known.
//!
//! Cutting large files into users (`split`, `blocks`, `toml_rows`) needs no more than that and runs at the speed of
//! memory. Invariant: on valid TOML a line is [`Starts::Users`] exactly where a parser sees `[[users]]`. On invalid
//! TOML a bare `[[users]]` at the start of a line ends an array that was left open: no valid array holds such a line,
//! because `users` without quotes is no value, and so one forgotten bracket spoils one user and not all that follow.
//! Deliberately absent: errors. The decoders find them, each in its own piece of text.

use memchr::{memchr, memchr2};

/// What a line starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Starts {
    /// `[[users]]`.
    Users,
    /// `[users.…]`: a part of the user before it.
    UsersPart,
    /// Any other table.
    Table,
    /// Keys and values, or the inside of a value.
    Content,
    /// Nothing: a blank line or a comment.
    Blank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Inside {
    #[default]
    Nothing,
    Basic,
    Literal,
}

/// Reads a text line by line and remembers what is open at the end of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct LineReader {
    inside: Inside,
    depth: u32,
}

impl LineReader {
    /// Whether a string or bracket is open.
    pub(crate) fn is_open(self) -> bool {
        self.inside != Inside::Nothing || self.depth > 0
    }
    /// Takes the next line, with or without its newline.
    pub(crate) fn line(&mut self, line: &[u8]) -> Starts {
        if self.inside == Inside::Nothing && line.starts_with(b"[[users]]") {
            self.depth = 0;
            return Starts::Users;
        }
        if self.is_open() {
            self.go_on(line);
            return Starts::Content;
        }
        let Some(start) = line.iter().position(|c| !matches!(c, b' ' | b'\t')) else {
            return Starts::Blank;
        };
        match line[start] {
            b'\r' | b'\n' | b'#' => Starts::Blank,
            b'[' => header(&line[start..]),
            _ => {
                if let Some(at) = value_start(line, start) {
                    self.value(line, at);
                }
                Starts::Content
            }
        }
    }
    /// Looks at the first bytes of a value: most end on their line whatever they hold.
    fn value(&mut self, line: &[u8], at: usize) {
        let rest = &line[at..];
        let lead = rest.iter().position(|c| !matches!(c, b' ' | b'\t')).unwrap_or(rest.len());
        let value = &rest[lead..];
        let inner = if value.starts_with(b"\"\"\"") {
            self.inside = Inside::Basic;
            &value[3..]
        } else if value.starts_with(b"'''") {
            self.inside = Inside::Literal;
            &value[3..]
        } else if matches!(value.first(), Some(b'[' | b'{')) {
            value
        } else {
            return;
        };
        self.go_on(inner);
    }
    /// Reads on in an open value, until its end or the line's.
    fn go_on(&mut self, mut text: &[u8]) {
        loop {
            let past = match self.inside {
                Inside::Basic => basic_end(text),
                Inside::Literal => literal_end(text),
                Inside::Nothing => None,
            };
            match (self.inside, past) {
                (Inside::Nothing, _) => {}
                (_, Some(past)) => {
                    self.inside = Inside::Nothing;
                    text = &text[past..];
                    if self.depth == 0 {
                        return;
                    }
                }
                (_, None) => return,
            }
            match self.brackets(text) {
                Some(rest) => text = rest,
                None => return,
            }
        }
    }
    /// Counts brackets until the value or line ends (`None`) or a string over lines opens (what follows it).
    fn brackets<'t>(&mut self, text: &'t [u8]) -> Option<&'t [u8]> {
        let mut at = 0;
        while let Some(&c) = text.get(at) {
            at += 1;
            match c {
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return None;
                    }
                }
                b'#' => return None,
                b'"' | b'\'' if text[at..].starts_with(&[c, c]) => {
                    self.inside = if c == b'"' { Inside::Basic } else { Inside::Literal };
                    return Some(&text[at + 2..]);
                }
                b'"' | b'\'' => at += one_line_string(&text[at..], c)?,
                _ => {}
            }
        }
        None
    }
}

/// Length up to and with the closing quote; `None` where the line ends before.
fn one_line_string(text: &[u8], quote: u8) -> Option<usize> {
    if quote == b'\'' {
        return memchr(quote, text).map(|end| end + 1);
    }
    let mut at = 0;
    loop {
        let found = at + memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[found] == b'"' {
            return Some(found + 1);
        }
        at = found + 2;
    }
}

/// Length up to and with `"""` and up to two quotes more, which belong to the text.
fn basic_end(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr2(b'"', b'\\', text.get(at..)?)?;
        let run = text[found..].iter().take_while(|c| **c == b'"').count();
        match run {
            0 => at = found + 2,
            1 | 2 => at = found + run,
            _ => return Some(found + run.min(5)),
        }
    }
}

fn literal_end(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let found = at + memchr(b'\'', text.get(at..)?)?;
        let run = text[found..].iter().take_while(|c| **c == b'\'').count();
        if run > 2 {
            return Some(found + run.min(5));
        }
        at = found + run;
    }
}

/// Offset behind the `=` of a line of key and value.
fn value_start(line: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while let Some(&c) = line.get(at) {
        at += 1;
        match c {
            b'=' => return Some(at),
            b'#' => return None,
            b'"' | b'\'' => at += one_line_string(&line[at..], c)?,
            _ => {}
        }
    }
    None
}

/// Reads a header from its first bracket.
fn header(text: &[u8]) -> Starts {
    let array = text.starts_with(b"[[");
    let inner = &text[1 + usize::from(array)..];
    let Some((first, rest)) = first_key(inner) else {
        return Starts::Table;
    };
    if !first {
        return Starts::Table;
    }
    match rest.iter().find(|c| !matches!(c, b' ' | b'\t')) {
        Some(b'.') => Starts::UsersPart,
        _ if array => Starts::Users,
        _ => Starts::Table,
    }
}

/// Whether the first key is `users`, and what follows it.
fn first_key(inner: &[u8]) -> Option<(bool, &[u8])> {
    let lead = inner.iter().position(|c| !matches!(c, b' ' | b'\t'))?;
    let key = &inner[lead..];
    let quote = key[0];
    if quote == b'"' || quote == b'\'' {
        let len = one_line_string(&key[1..], quote)?;
        return Some((is_users(&key[..=len]), &key[len + 1..]));
    }
    let len = key.iter().position(|c| !(c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-'))).unwrap_or(key.len());
    Some((&key[..len] == b"users", &key[len..]))
}

/// Whether a quoted key says `users`, also with escapes.
fn is_users(quoted: &[u8]) -> bool {
    if !quoted.contains(&b'\\') {
        return &quoted[1..quoted.len() - 1] == b"users";
    }
    let Ok(text) = std::str::from_utf8(quoted) else {
        return false;
    };
    let source = toml_parser::Source::new(text);
    let Some(token) = source.lex().next() else {
        return false;
    };
    let raw = toml_parser::Raw::new_unchecked(text, token.kind().encoding(), token.span());
    let mut key = String::new();
    raw.decode_key(&mut key, &mut ());
    key == "users"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(text: &str) -> Vec<Starts> {
        let mut reader = LineReader::default();
        text.split_inclusive('\n').map(|line| reader.line(line.as_bytes())).collect()
    }

    #[test]
    fn headers_are_told_apart() {
        use Starts::*;
        for (line, what) in [
            ("[[users]]\n", Users),
            ("  [[ users ]] # x\n", Users),
            ("[[\"users\"]]\n", Users),
            ("[['users']]\n", Users),
            ("[[\"\\u0075sers\"]]\n", Users),
            ("[users.password]\n", UsersPart),
            ("[ users . password ]\n", UsersPart),
            ("[[users.x]]\n", UsersPart),
            ("[users]\n", Table),
            ("[[users2]]\n", Table),
            ("[[removed]]\n", Table),
            ("[domains.\"users\"]\n", Table),
            ("[\n", Table),
            ("\r\n", Blank),
            ("# [[users]]\n", Blank),
            ("x = 1\n", Content),
        ] {
            assert_eq!(starts(line), [what], "{line}");
        }
    }

    #[test]
    fn open_values_hide_headers() {
        for text in [
            "x = \"\"\"\n[[users]]\n\"\"\"\n",
            "x = '''\n[[users]]\n'\\'''\n",
            "x = [\n [[users]]\n]\n",
            "x = [ # [\n [\"a]\", '[', \"\\\"[\"],\n]\n",
            "x = [\"\"\"\n[[users]]\n\\\"\"\"\"\"\"\n]\n",
            "\"a=[\" = 1\n",
            "a = { b = [\n], c = '''\n[[users]]''' }\n",
            "x = \"\"\"a\"\"\"\"\"\n",
        ] {
            let end = format!("{text}[[users]]\n");
            let all = starts(&end);
            assert_eq!(all.iter().filter(|s| **s == Starts::Users).count(), 1, "{text}");
            assert_eq!(all.last(), Some(&Starts::Users), "{text}");
        }
    }

    #[test]
    fn an_open_array_ends_at_the_next_user() {
        assert_eq!(starts("x = [\n\"a\",\n[[users]]\ny = 1\n"), [Starts::Content, Starts::Content, Starts::Users, Starts::Content]);
    }
}
