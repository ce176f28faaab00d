//! Lines on a page of a certain width: indent, wrap, lists that end with "… and 12 more".

use crate::render::style::{Styles, paint};
use anstyle::Style;

/// Narrowest width that is laid out; below it lines are as long as they are.
pub const LEAST_WIDTH: usize = 60;
/// Entries of a list that are shown before the others are counted.
pub const LIST_LENGTH: usize = 10;
/// Where the text of a labelled line begins.
pub const LABEL_WIDTH: usize = 15;

/// How text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns of the page.
    pub width: usize,
    /// Its looks.
    pub styles: Styles,
    /// Whether nothing is folded or cut.
    pub full: bool,
    /// Whether undeclared addresses are listed.
    pub undeclared: bool,
    /// Whether the text ends with "Nothing was written.": a plan that is not part of an apply.
    pub nothing_written: bool,
}

impl TextOptions {
    /// A page of a width without colours, folded where it is long.
    #[must_use]
    pub fn plain(width: usize) -> Self {
        Self { width, styles: Styles::plain(), full: false, undeclared: false, nothing_written: true }
    }
}

/// A text under construction.
#[derive(Debug, Clone)]
pub struct Page {
    out: String,
    /// How it is laid out.
    pub options: TextOptions,
}

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new(options: TextOptions) -> Self {
        Self { out: String::new(), options }
    }
    /// The looks.
    #[must_use]
    pub fn styles(&self) -> Styles {
        self.options.styles
    }
    /// The usable width.
    #[must_use]
    pub fn width(&self) -> usize {
        self.options.width.max(LEAST_WIDTH)
    }
    /// All of it.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }
    /// A line that is ready; blanks at its end are cut.
    pub fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }
    /// An empty line, never two together and never at the top.
    pub fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
    /// A paragraph: wrapped at words, every line indented by `indent`, lines after the first by `more` further.
    pub fn text(&mut self, indent: usize, more: usize, style: Style, text: &str) {
        for (at, line) in wrap(text, self.width().saturating_sub(indent), more).iter().enumerate() {
            let blanks = " ".repeat(if at == 0 { indent } else { indent + more });
            self.line(&format!("{blanks}{}", paint(style, line)));
        }
    }
    /// A last line: broken only between its parts (at ` · `) and before a sentence.
    pub fn together(&mut self, style: Style, text: &str) {
        let kept = text.replace(' ', "\u{a0}").replace("\u{a0}·\u{a0}", " ·\u{a0}").replace(".\u{a0}", ". ");
        for (at, line) in wrap(&kept, self.width(), 2).iter().enumerate() {
            let blanks = if at == 0 { "" } else { "  " };
            let line = line.replace('\u{a0}', " ");
            self.line(&format!("{blanks}{}", paint(style, &line)));
        }
    }
    /// A labelled line: `   left alone     112 users …`, wrapped under its text.
    pub fn labelled(&mut self, label: &str, style: Style, text: &str) {
        self.row(label, self.styles().dim, style, text);
    }
    /// A labelled line whose label stands out.
    pub fn alarmed(&mut self, label: &str, text: &str) {
        self.row(label, self.styles().alarm, Style::new(), text);
    }
    fn row(&mut self, label: &str, label_style: Style, style: Style, text: &str) {
        let indent = 3 + LABEL_WIDTH;
        let gap = " ".repeat(LABEL_WIDTH.saturating_sub(columns(label)).max(2));
        for (at, line) in wrap(text, self.width().saturating_sub(indent), 0).iter().enumerate() {
            if at == 0 {
                self.line(&format!("   {}{gap}{}", paint(label_style, label), paint(style, line)));
            } else {
                self.line(&format!("{}{}", " ".repeat(indent), paint(style, line)));
            }
        }
    }
    /// Entries one under the other, the first beside its label.
    pub fn entries(&mut self, label: &str, style: Style, entries: &[String]) {
        let (shown, rest) = self.cut(entries);
        for (at, entry) in shown.iter().enumerate() {
            self.labelled(if at == 0 { label } else { "" }, style, entry);
        }
        if rest > 0 {
            self.labelled("", self.styles().dim, &format!("… and {rest} more"));
        }
    }
    /// The entries that are shown, and how many are not.
    #[must_use]
    pub fn cut<'a, T>(&self, entries: &'a [T]) -> (&'a [T], usize) {
        // One more line would say that there is one more entry: then it is shown instead.
        if self.options.full || entries.len() <= LIST_LENGTH + 1 {
            return (entries, 0);
        }
        (&entries[..LIST_LENGTH], entries.len() - LIST_LENGTH)
    }
    /// `a, b, c … and 12 more`.
    #[must_use]
    pub fn listed(&self, entries: &[String]) -> String {
        let (shown, rest) = self.cut(entries);
        let mut text = shown.join(", ");
        if rest > 0 {
            text.push_str(&format!(" … and {rest} more"));
        }
        text
    }
}

/// Columns of a text. Names are ASCII or A-labels; other text may be off by the wide letters in it.
#[must_use]
pub fn columns(text: &str) -> usize {
    text.chars().count()
}

/// The text padded with blanks to a number of columns.
#[must_use]
pub fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(columns(text))))
}

/// Breaks a text at blanks; lines after the first are `less` columns shorter. A longer word keeps a line of its own.
#[must_use]
pub fn wrap(text: &str, width: usize, less: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let room = if lines.len() == 1 { width } else { width.saturating_sub(less) };
        let last = lines.last_mut().expect("there is always a line");
        if last.is_empty() {
            last.push_str(word);
        } else if columns(last) + 1 + columns(word) <= room {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole() {
        assert_eq!(wrap("aa bb cc", 5, 0), ["aa bb", "cc"]);
        assert_eq!(wrap("aaaaaaa b", 5, 0), ["aaaaaaa", "b"]);
        assert_eq!(wrap("aa bb cc dd", 8, 3), ["aa bb cc", "dd"]);
    }

    #[test]
    fn long_lists_are_counted() {
        let page = Page::new(TextOptions::plain(80));
        let all: Vec<String> = (0..14).map(|i| i.to_string()).collect();
        assert_eq!(page.listed(&all), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 … and 4 more");
        assert_eq!(page.listed(&all[..11]), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10");
        let full = Page::new(TextOptions { full: true, ..TextOptions::plain(80) });
        assert!(full.listed(&all).ends_with("13"));
    }
}
