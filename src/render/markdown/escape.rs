//! Text of others in code spans and fences that it cannot leave.

use crate::base::printable::printable;

/// A text as code span. In it nothing is markup, link, mention or HTML; `|` would end a table's cell even there, so it
/// is written as `\u{7c}`.
#[must_use]
pub fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let text = printable(text).replace('|', "\\u{7c}");
    let ticks = "`".repeat(longest_run(&text) + 1);
    // CommonMark strips one blank on both sides, so that a text may begin or end with a backtick.
    let blank = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{blank}{text}{blank}{ticks}")
}

/// A text of many lines in a fence longer than any run of backticks in it.
#[must_use]
pub fn fence(language: &str, text: &str) -> String {
    let ticks = "`".repeat((longest_run(text) + 1).max(3));
    let text = text.trim_matches('\n');
    format!("{ticks}{language}\n{text}\n{ticks}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_span() {
        assert_eq!(code("plain"), "`plain`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`x`"), "`` `x` ``");
        assert_eq!(code("a|b"), "`a\\u{7c}b`");
        assert_eq!(code("a\nb<script>"), "`a\\u{a}b<script>`");
        assert_eq!(code(""), "");
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence("text", "a\n```\nb"), "````text\na\n```\nb\n````\n");
        assert_eq!(fence("", "x"), "```\nx\n```\n");
    }
}
