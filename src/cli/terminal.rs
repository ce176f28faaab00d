//! The two streams: data on stdout, talk on stderr. Knows whether there are colours and how wide a line is.
//!
//! Invariant: a closed pipe never panics; it is remembered, and the program ends quietly.

use crate::cli::args::Colour;
use crate::render::Styles;
use anstream::{AutoStream, ColorChoice};
use std::io::{IsTerminal, Write};

/// Columns where nobody tells: files, pipes, CI.
const USUAL_WIDTH: usize = 100;
/// Widest page; longer lines are hard to read.
const WIDEST: usize = 160;

/// Where a command prints.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    choice: ColorChoice,
    /// No talk but errors.
    pub quiet: bool,
}

impl Terminal {
    /// From the command line's wishes; `NO_COLOR` and `CLICOLOR_FORCE` are heeded under `auto`.
    #[must_use]
    pub fn new(colour: Colour, quiet: bool) -> Self {
        let choice = match colour {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        Self { choice, quiet }
    }
    /// The looks of what goes to stdout.
    #[must_use]
    pub fn styles(&self) -> Styles {
        styles(self.choice, AutoStream::choice(&std::io::stdout()))
    }
    /// The looks of what goes to stderr.
    #[must_use]
    pub fn talk_styles(&self) -> Styles {
        styles(self.choice, AutoStream::choice(&std::io::stderr()))
    }
    /// Columns of a line of stdout.
    #[must_use]
    pub fn width(&self) -> usize {
        let asked = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        let seen = || std::io::stdout().is_terminal().then(|| usize::from(console_width()));
        asked.or_else(seen).unwrap_or(USUAL_WIDTH).clamp(crate::render::text::page::LEAST_WIDTH, WIDEST)
    }
    /// Whether a person can be asked.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }
    /// Data, to stdout. A reader that went away is no error.
    pub fn print(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
            // Nobody reads any more: what would follow is lost anyway, and the exit code stays what it is.
        }
    }
    /// Talk, to stderr, unless the caller wants quiet.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }
    /// Talk that is an error or a finding: always.
    pub fn complain(&self, text: &str) {
        let mut err = std::io::stderr().lock();
        if writeln!(err, "{}", text.trim_end_matches('\n')).is_err() {
            // A closed stderr cannot be told anything.
        }
    }
    /// `error: …`.
    pub fn error(&self, text: &str) {
        let styles = self.talk_styles();
        self.complain(&format!("{} {text}", crate::render::paint(styles.alarm, "error:")));
    }
}

fn styles(asked: ColorChoice, seen: ColorChoice) -> Styles {
    let choice = if asked == ColorChoice::Auto { seen } else { asked };
    match choice {
        ColorChoice::Always | ColorChoice::AlwaysAnsi | ColorChoice::Auto => Styles::coloured(),
        ColorChoice::Never => Styles::plain(),
    }
}

/// The terminal's width as the progress bars see it.
fn console_width() -> u16 {
    dialoguer::console::Term::stdout().size().1
}
