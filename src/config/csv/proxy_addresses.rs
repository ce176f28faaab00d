//! The aliases cell: addresses separated by spaces or `|`, also as Exchange exports them (`smtp:`, `SMTP:`, `X500:`).

use crate::base::span::{Place, Span};
use crate::base::{Address, Findings};
use crate::config::csv_rules::PRIMARY_DIFFERS;
use crate::config::rows::Cell;
use std::borrow::Cow;

/// What was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Entries {
    /// Entries of other address types.
    pub dropped: usize,
}

/// Reads the entries of a cell into `list`.
pub(super) fn read_entries<'a>(cell: &Cell<'a>, address: Option<&Cell<'a>>, list: &mut Vec<Cell<'a>>, findings: &mut Findings) -> Entries {
    let mut entries = Entries::default();
    for group in stretches(&cell.text, '|') {
        // an X500 name may hold spaces: what follows it belongs to it, up to the next address or type
        let mut in_other = false;
        for (start, entry) in stretches(group.1, ' ') {
            let start = group.0 + start;
            match entry.split_once(':') {
                Some((kind, _)) if kind.eq_ignore_ascii_case("x500") || kind.eq_ignore_ascii_case("sip") => {
                    entries.dropped += 1;
                    in_other = true;
                }
                Some(("SMTP", primary)) => {
                    in_other = false;
                    check_primary(primary, piece(cell, start + 5, primary.len()).span, address, findings);
                }
                Some((kind, rest)) if kind.eq_ignore_ascii_case("smtp") => {
                    in_other = false;
                    list.push(piece(cell, start + 5, rest.len()));
                }
                Some(_) | None if in_other && !entry.contains('@') => {}
                Some(_) | None => {
                    in_other = false;
                    list.push(piece(cell, start, entry.len()));
                }
            }
        }
    }
    entries
}

/// The stretches between separators that are not empty, with their offsets.
fn stretches(text: &str, separator: char) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(separator).filter_map(move |stretch| {
        let start = at;
        at += stretch.len() + 1;
        (!stretch.is_empty()).then_some((start, stretch))
    })
}

/// A part of a cell as a cell.
fn piece<'a>(cell: &Cell<'a>, start: usize, len: usize) -> Cell<'a> {
    let place = Place::new(cell.span.place.file(), cell.span.place.offset() + start as u64);
    let span = Span { place, len: u32::try_from(len).unwrap_or(u32::MAX) };
    match &cell.text {
        Cow::Borrowed(text) => Cell { text: Cow::Borrowed(&text[start..start + len]), span },
        // doubled quotes moved the text; the whole cell is named
        Cow::Owned(text) => Cell { text: Cow::Owned(text[start..start + len].to_owned()), span: cell.span },
    }
}

fn check_primary(primary: &str, span: Span, address: Option<&Cell<'_>>, findings: &mut Findings) {
    let Some(address) = address else { return };
    let same = match (Address::parse(primary), Address::parse(&address.text)) {
        (Ok(one), Ok(two)) => one == two,
        _ => primary.eq_ignore_ascii_case(&address.text),
    };
    if !same {
        let found = PRIMARY_DIFFERS.finding("the `SMTP:` entry is not the address of the row").at(span, "the primary address here");
        findings.push(found.also(address.span, "the address of the row").fix(PRIMARY_DIFFERS.fix));
    }
}
