//! Progress on stderr, where a person watches; nothing at all in logs and pipes.

use crate::cli::terminal::Terminal;
use crate::engine::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often a spinner turns.
const TICK: Duration = Duration::from_millis(120);

/// Several phases may run side by side (tenants): one line tells the youngest, and counts for all.
pub struct Bars {
    bar: ProgressBar,
    running: Mutex<u64>,
}

impl Bars {
    /// Hidden where stderr is no terminal or the caller wants quiet.
    #[must_use]
    pub fn new(terminal: Terminal) -> Self {
        let watched = !terminal.quiet && std::io::stderr().is_terminal();
        let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {pos} · {elapsed}") {
            bar.set_style(style);
        }
        Self { bar, running: Mutex::new(0) }
    }
    fn running(&self) -> std::sync::MutexGuard<'_, u64> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Bars {
    fn phase(&self, what: &str, units: Option<u64>) {
        let mut running = self.running();
        if *running == 0 {
            self.bar.reset();
            self.bar.enable_steady_tick(TICK);
        }
        *running += 1;
        let of = units.map(|n| format!(" ({n})")).unwrap_or_default();
        self.bar.set_message(format!("{what}{of}"));
    }
    fn advance(&self, units: u64) {
        self.bar.inc(units);
    }
    fn finish(&self) {
        let mut running = self.running();
        *running = running.saturating_sub(1);
        if *running == 0 {
            self.bar.disable_steady_tick();
            self.bar.finish_and_clear();
        }
    }
}
