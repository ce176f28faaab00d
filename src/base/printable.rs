//! Text from files and panels made harmless before a person sees it (S19.2).
//!
//! Control characters could rewrite a terminal, bidi marks could reorder a line, zero-width characters could hide.

use std::borrow::Cow;

/// Whether a character is a control, a bidi mark or has no width, so that a reader cannot see it.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0x00AD | 0x061C | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2028 | 0x2029 | 0x2060..=0x206F | 0xFEFF | 0xFFF9..=0xFFFB
            | 0xE0000..=0xE007F)
}

/// The text with each invisible character written as `\u{200b}`. One line stays one line.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_invisible(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// As [`printable`], cut to `most` characters with `…`.
#[must_use]
pub fn printable_short(text: &str, most: usize) -> String {
    let mut out: String = printable(text).chars().take(most).collect();
    if text.chars().count() > most {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_harmless() {
        assert_eq!(printable("a\u{1b}[2J"), "a\\u{1b}[2J");
        assert_eq!(printable("Müller"), "Müller");
        assert_eq!(printable_short("abcdef", 3), "abc…");
    }
}
