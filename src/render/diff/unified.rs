//! Coloured unified diffs.

use crate::render::diff::document::ObjectDiff;
use crate::render::style::{Styles, paint};
use similar::{ChangeTag, TextDiff};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// The diffs of all objects as text; objects that are equal on both sides are left out.
#[must_use]
pub fn unified(all: &[ObjectDiff], styles: Styles) -> String {
    all.iter().filter(|o| o.live != o.desired).map(|o| one(o, styles)).collect()
}

fn one(object: &ObjectDiff, styles: Styles) -> String {
    let diff = TextDiff::from_lines(object.live.as_str(), object.desired.as_str());
    let mut out = format!("{}\n", paint(styles.strong, &format!("--- live      {}", object.object)));
    out.push_str(&format!("{}\n", paint(styles.strong, &format!("+++ declared  {}", object.place))));
    for group in diff.grouped_ops(CONTEXT) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        let range = |from: usize, to: usize| {
            if to - from == 1 { format!("{}", from + 1) } else { format!("{},{}", if to == from { from } else { from + 1 }, to - from) }
        };
        let old = range(first.old_range().start, last.old_range().end);
        let new = range(first.new_range().start, last.new_range().end);
        out.push_str(&format!("{}\n", paint(styles.moves, &format!("@@ -{old} +{new} @@"))));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let line = change.value().trim_end_matches('\n');
            let drawn = match change.tag() {
                ChangeTag::Delete => paint(styles.remove, &format!("-{line}")),
                ChangeTag::Insert => paint(styles.add, &format!("+{line}")),
                ChangeTag::Equal => format!(" {line}"),
            };
            out.push_str(&drawn);
            out.push('\n');
        }
    }
    out.push('\n');
    out
}
