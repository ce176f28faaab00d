//! The steps of a plan in columns; long runs of equal steps are folded.

use crate::plan::{Action, Risk};
use crate::render::style::paint;
use crate::render::text::page::{Page, columns, pad};
use crate::render::text::step::details;
use crate::render::view::words::{count, sign};
use crate::render::view::{Held, StepView};
use anstyle::Style;

/// Equal steps in a row that are shown before the others are counted.
pub const FOLD_AFTER: usize = 10;
/// The same for steps that delete, stop mail or cannot be undone: people should see more of them.
pub const FOLD_DANGER_AFTER: usize = 50;
/// Widest column of objects.
const OBJECT_COLUMN: usize = 46;

/// The columns of one plan, as narrow as its steps allow.
struct Columns {
    object: usize,
    verdict: usize,
}

/// Draws all steps.
/// Steps that were left out by selectors stand in the foot instead.
pub fn steps(page: &mut Page, all: &[StepView], stopped: &[String]) {
    let steps: Vec<&StepView> = all.iter().filter(|s| s.held != Held::LeftOut).collect();
    let columns = fit(page, &steps);
    for run in steps.chunk_by(|one, next| alike(one, next)) {
        let most = if run[0].risk >= Risk::R3 { FOLD_DANGER_AFTER } else { FOLD_AFTER };
        let shown = if page.options.full || run.len() <= most + most / 5 + 1 { run.len() } else { most };
        for step in &run[..shown] {
            head(page, &columns, step);
            details(page, step, stopped);
        }
        let rest = (run.len() - shown) as u64;
        if rest > 0 {
            let what = format!(" {}  … and {} {} (--full shows all)", sign(run[0].action), more(rest, run[0]), verb(run[0].action));
            page.line(&paint(page.styles().dim, &what));
        }
    }
}

fn more(n: u64, step: &StepView) -> String {
    let kind = step.kind.word();
    let held = match step.held {
        Held::Go => "",
        Held::Waiting => ", waiting,",
        Held::Gated => " that need approval",
        Held::Approved => ", approved,",
        Held::LeftOut => ", left out,",
        Held::Blocked => ", blocked,",
    };
    format!("{}{held}", count(n, &format!("more {kind}"), &format!("more {kind}s")))
}

fn verb(action: Action) -> &'static str {
    match action {
        Action::Create => "to add",
        Action::Update => "to change",
        Action::Move => "to move",
        Action::Rename => "to rename",
        Action::Delete => "to delete",
        Action::Mint => "to mint",
        Action::Reset => "to reset",
        Action::Block => "to block",
        Action::Buy => "to buy",
        Action::HandOff => "for a person",
    }
}

/// Steps that may be folded into one run: the same is done to the same kind with the same verdict.
fn alike(one: &StepView, next: &StepView) -> bool {
    (one.action, one.kind, one.risk, one.held, &one.verdict) == (next.action, next.kind, next.risk, next.held, &next.verdict)
}

fn object(step: &StepView) -> String {
    format!("{} {}", step.kind, step.name)
}

fn fit(page: &Page, steps: &[&StepView]) -> Columns {
    let widest = |each: &dyn Fn(&StepView) -> usize| steps.iter().map(|s| each(s)).max().unwrap_or(0);
    let most = OBJECT_COLUMN.min(page.width() * 45 / 100);
    let object = widest(&|s| Some(columns(&object(s))).filter(|n| *n <= most).unwrap_or(0)).max(20);
    // On a wide page the columns stand where they stand in every plan.
    let object = if page.width() >= 110 { most } else { object };
    Columns { object, verdict: widest(&|s| columns(&s.verdict)) }
}

/// The colour of what is done.
#[must_use]
pub fn looks(page: &Page, action: Action) -> Style {
    let styles = page.styles();
    match action {
        Action::Create | Action::Mint | Action::Buy => styles.add,
        Action::Update | Action::Reset | Action::Block => styles.change,
        Action::Delete => styles.remove,
        Action::Move | Action::Rename | Action::HandOff => styles.moves,
    }
}

fn head(page: &mut Page, fit: &Columns, step: &StepView) {
    let styles = page.styles();
    let held = match step.held {
        Held::Go | Held::Waiting | Held::Approved | Held::LeftOut => ' ',
        Held::Gated | Held::Blocked => '!',
    };
    let risk = format!("{:?}", step.risk);
    let risk_style = if step.risk >= Risk::R3 { styles.alarm } else { styles.dim };
    let verdict_style = match step.held {
        Held::Go | Held::LeftOut => styles.dim,
        Held::Approved => styles.good,
        Held::Waiting => styles.moves,
        Held::Gated | Held::Blocked => styles.alarm,
    };
    let because = [step.cause.as_str(), step.place.as_deref().unwrap_or_default()];
    let because: Vec<&str> = because.into_iter().filter(|t| !t.is_empty()).collect();
    let because = because.join("  ");
    let plain = 3 + fit.object.max(columns(&object(step))) + 2 + 2 + 2 + fit.verdict + 2 + columns(&because);
    let mut line = paint(styles.alarm, &held.to_string());
    line.push_str(&paint(looks(page, step.action), &format!("{} {}", sign(step.action), pad(&object(step), fit.object))));
    line.push_str(&format!("  {}", paint(risk_style, &risk)));
    line.push_str(&format!("  {}", paint(verdict_style, &pad(&step.verdict, fit.verdict))));
    if plain <= page.width() {
        line.push_str(&format!("  {}", paint(styles.dim, &because)));
        page.line(&line);
    } else {
        page.line(&line);
        page.text(5, 2, styles.dim, &because);
    }
}
