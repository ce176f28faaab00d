//! Which stretches of text look how. Colour is an argument: whoever calls knows whether there is a terminal.

use anstyle::{AnsiColor, Style};

/// The looks of everything that is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Styles {
    /// What comes.
    pub add: Style,
    /// What goes.
    pub remove: Style,
    /// What changes.
    pub change: Style,
    /// What moves, and what a person does.
    pub moves: Style,
    /// What is held, stopped or not known.
    pub alarm: Style,
    /// What a careful person should look at.
    pub warn: Style,
    /// What is well.
    pub good: Style,
    /// Names and titles.
    pub strong: Style,
    /// Labels, places, what may be skipped.
    pub dim: Style,
    /// Whether anything is coloured.
    pub coloured: bool,
}

impl Styles {
    /// No colours: files, pipes, tests.
    #[must_use]
    pub fn plain() -> Self {
        Self::default()
    }
    /// The sixteen colours that every terminal has, so that its own theme is respected.
    #[must_use]
    pub fn coloured() -> Self {
        let colour = |c: AnsiColor| c.on_default();
        Self {
            add: colour(AnsiColor::Green),
            remove: colour(AnsiColor::Red),
            change: colour(AnsiColor::Yellow),
            moves: colour(AnsiColor::Cyan),
            alarm: colour(AnsiColor::Red).bold(),
            warn: colour(AnsiColor::Yellow).bold(),
            good: colour(AnsiColor::Green),
            strong: Style::new().bold(),
            dim: Style::new().dimmed(),
            coloured: true,
        }
    }
}

/// The text in a style; the text itself where the style is plain.
#[must_use]
pub fn paint(style: Style, text: &str) -> String {
    if style == Style::new() || text.is_empty() { text.to_owned() } else { format!("{style}{text}{style:#}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_adds_nothing() {
        assert_eq!(paint(Styles::plain().alarm, "x"), "x");
        assert_eq!(paint(Styles::coloured().add, "x"), "\u{1b}[32mx\u{1b}[0m");
    }
}
