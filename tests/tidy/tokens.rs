//! Reading inside macros and attributes, which `syn` leaves as tokens: paths, macro calls, async, texts.
//!
//! A path followed by braces (`crate::{…}`, possible only in macro bodies) is given with a last segment `{}`, which no
//! rule accepts: write it out.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One thing found among tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    Path(Vec<String>),
    Macro(String),
    Async(&'static str),
    Text(String),
    Allow,
}

/// All words with their lines. In an attribute a text that is a path into the house counts as that path.
pub fn scan(stream: TokenStream, attribute: bool) -> Vec<(Word, usize)> {
    let mut words = Vec::new();
    into(stream, attribute, &mut words);
    words
}

fn into(stream: TokenStream, attribute: bool, words: &mut Vec<(Word, usize)>) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let line = token.span().start().line;
        match token {
            TokenTree::Ident(_) => {
                let (path, next) = path(&tokens, at);
                words.extend(of_path(path, &tokens, at, next).map(|word| (word, line)));
                at = next;
                continue;
            }
            TokenTree::Literal(literal) => {
                if let syn::Lit::Str(text) = syn::Lit::new(literal.clone()) {
                    words.push((text_or_path(text.value(), attribute), line));
                }
            }
            TokenTree::Group(group) => into(group.stream(), attribute, words),
            TokenTree::Punct(_) => {}
        }
        at += 1;
    }
}

/// Identifiers joined by `::` from `at` on, and where the tokens go on behind them.
fn path(tokens: &[TokenTree], mut at: usize) -> (Vec<String>, usize) {
    let mut path = Vec::new();
    while let Some(TokenTree::Ident(ident)) = tokens.get(at) {
        path.push(ident.to_string());
        at += 1;
        if !(is(tokens.get(at), ':') && is(tokens.get(at + 1), ':')) {
            break;
        }
        match tokens.get(at + 2) {
            Some(TokenTree::Ident(_)) => at += 2,
            Some(TokenTree::Punct(star)) if star.as_char() == '*' => {
                path.push("*".to_owned());
                at += 3;
            }
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                path.push("{}".to_owned());
                at += 2;
            }
            _ => break,
        }
    }
    (path, at)
}

fn of_path(path: Vec<String>, tokens: &[TokenTree], at: usize, next: usize) -> impl Iterator<Item = Word> {
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    let mut words = Vec::new();
    match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["async"] => words.push(Word::Async("async")),
        ["crate" | "self" | "super"] => {} // `pub(crate)`, a receiver
        ["await"] if is(before, '.') => words.push(Word::Async(".await")),
        ["allow"] if matches!(tokens.get(next), Some(TokenTree::Group(_))) && opens_attribute(tokens, at) => words.push(Word::Allow),
        _ => {
            if is(tokens.get(next), '!') && !is(tokens.get(next + 1), '=') {
                words.extend(path.last().cloned().map(Word::Macro));
            }
            words.push(Word::Path(path));
        }
    }
    words.into_iter()
}

/// Inside `[ … ]` of an attribute, `allow` is the first token; in `cfg_attr(x, allow(…))` it follows a comma.
fn opens_attribute(tokens: &[TokenTree], at: usize) -> bool {
    at == 0 || is(tokens.get(at - 1), ',')
}

fn text_or_path(text: String, attribute: bool) -> Word {
    let house = ["crate::", "super::", "self::"].iter().any(|start| text.starts_with(start));
    if attribute && house { Word::Path(text.split("::").map(str::to_owned).collect()) } else { Word::Text(text) }
}

fn is(token: Option<&TokenTree>, char: char) -> bool {
    matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == char)
}

#[test]
fn macro_bodies_are_read() {
    let words: Vec<Word> =
        scan("a::b(x.await); println!(\"t\"); crate::{c}; i != 1".parse().unwrap(), false).into_iter().map(|w| w.0).collect();
    let path = |segments: &[&str]| Word::Path(segments.iter().map(|s| (*s).to_owned()).collect());
    for expected in [
        path(&["a", "b"]),
        Word::Async(".await"),
        Word::Macro("println".to_owned()),
        Word::Text("t".to_owned()),
        path(&["crate", "{}"]),
        path(&["c"]),
    ] {
        assert!(words.contains(&expected), "{expected:?} in {words:?}");
    }
    assert_eq!(words.iter().filter(|w| matches!(w, Word::Macro(_))).count(), 1);
}
