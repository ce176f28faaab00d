//! The question before an apply: `--yes`, or a person at a terminal. It answers the question, never a gate (S7.2).

use crate::cli::terminal::Terminal;
use crate::engine::Planned;
use crate::plan::{Consent, Verdict};

/// Asks. `None`: nobody said yes; why is told on stderr.
#[must_use]
pub fn ask(planned: &Planned, yes: bool, terminal: Terminal) -> Option<Consent> {
    if yes {
        return Some(Consent { how: "--yes".to_owned() });
    }
    if !terminal.can_ask() {
        terminal.error("nobody can be asked: stdin or stderr is no terminal. Say --yes to apply what was shown; gates stay closed");
        return None;
    }
    let question = question(planned);
    let answer = dialoguer::Confirm::new().with_prompt(question).default(false).interact_opt();
    match answer {
        Ok(Some(true)) => Some(Consent { how: "asked".to_owned() }),
        Ok(Some(false) | None) => None,
        Err(error) => {
            terminal.error(&format!("nobody could be asked: {error}"));
            None
        }
    }
}

fn question(planned: &Planned) -> String {
    let goes = |p: &&crate::plan::Plan| p.steps.iter().filter(|s| matches!(p.verdict(s.id), Verdict::Go)).count();
    let steps: usize = planned.plans.iter().map(|p| goes(&p)).sum();
    let approved: usize = planned.plans.iter().map(|p| p.report.approved.len()).sum();
    let more =
        if approved > 0 { format!(", and {approved} that {} approved", if approved == 1 { "is" } else { "are" }) } else { String::new() };
    format!("Apply {steps} {}{more}?", if steps == 1 { "step" } else { "steps" })
}
