//! `mailwright apply`: shows the plan, asks, does it, reads again.

use crate::base::{ExitCode, Timestamp};
use crate::cli::args::Global;
use crate::cli::choice::Choice;
use crate::cli::failure::{Ended, Failure};
use crate::cli::output::{Format, Outputs, as_json};
use crate::cli::plan_files;
use crate::cli::session::{Session, Wanted, with_session};
use crate::cli::shown::{Looks, Shown, text_options};
use crate::cli::terminal::Terminal;
use crate::cli::{consent, receipts, waiting};
use crate::engine::{Applied, Planned, Wish};
use crate::model::StepOutcome;
use crate::plan::{Action, PlanFile};
use crate::render::view::{self, AppliedGiven, AppliedView, Applying};
use crate::render::{markdown, text};
use clap::Args;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

const EXAMPLES: &str = "Examples:
  mailwright apply                      shows the plan of all tenants and asks
  mailwright apply acme --yes           in scripts; opens no gate
  mailwright apply plan.json --yes      only what was reviewed: a tenant that changed since is stale (7)
  mailwright apply --only user/bob@acme.example --receipts receipts.jsonl";

/// Options of `apply`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ApplyArgs {
    /// Tenants, otherwise all; or one plan file that `plan --output json=FILE` wrote
    #[arg(value_name = "TENANT|PLANFILE")]
    pub what: Vec<String>,
    /// A part.
    #[command(flatten)]
    pub choice: Choice,
    /// Answer the question with yes; gates stay closed
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// Stay while something is in flight or waits for a moment, and go on when it has come
    #[arg(long, conflicts_with = "receipts")]
    pub wait: bool,
    /// Copy the journal entries of this run into a file
    #[arg(long, value_name = "FILE")]
    pub receipts: Option<PathBuf>,
    /// Fold and cut nothing
    #[arg(long)]
    pub full: bool,
    /// Forms of what was done.
    #[command(flatten)]
    pub outputs: Outputs,
}

/// Applies.
///
/// # Errors
/// No workspace; a plan file that cannot be read; nobody to ask; an output that cannot be written.
pub fn run(args: &ApplyArgs, global: &Global, terminal: Terminal) -> Ended {
    run_with(args, global, terminal, None)
}

/// Applies; with `reset`, only the reset of this SMTP user's credential.
///
/// # Errors
/// As [`run`]; no plan has such a reset.
pub(super) fn run_with(args: &ApplyArgs, global: &Global, terminal: Terminal, reset: Option<&str>) -> Ended {
    args.outputs.all()?;
    let (saved, tenants) = match args.what.as_slice() {
        [one] if plan_files::is_plan_file(one) => (Some(plan_files::read(one)?), Vec::new()),
        names => (None, names.to_vec()),
    };
    loop {
        let left = Mutex::new(None);
        let exit = once(args, global, terminal, &Part { saved: saved.as_ref(), tenants: &tenants, reset }, &left)?;
        let until = left.into_inner().unwrap_or_else(PoisonError::into_inner);
        match until.filter(|_| args.wait) {
            Some((until, now)) if waiting::wait(until, now, terminal)? => {}
            Some(_) | None => return Ok(exit),
        }
    }
}

/// What is asked for.
struct Part<'a> {
    saved: Option<&'a PlanFile>,
    tenants: &'a [String],
    reset: Option<&'a str>,
}

/// One plan, one question, one execution. Leaves the moment at which there will be more to do, and the present one.
fn once(args: &ApplyArgs, global: &Global, terminal: Terminal, what: &Part<'_>, left: &Mutex<Option<(Timestamp, Timestamp)>>) -> Ended {
    let Part { saved, tenants, reset } = *what;
    with_session(global, terminal, &Wanted { at: None, writes: true }, async |session| {
        let (mut asked, mut refused) = (false, false);
        let mut ask = |planned: &Planned| {
            asked = true;
            show(planned, &session, args, terminal);
            let consent = consent::ask(planned, args.yes, terminal);
            refused = consent.is_none() && !terminal.can_ask();
            consent
        };
        let wish = Wish { reset: reset.iter().map(|name| (*name).to_owned()).collect(), ..args.choice.wish(tenants, false) };
        let applied = session.engine.apply(&wish, saved, &mut ask).await;
        if !asked {
            show(&applied.planned, &session, args, terminal);
        }
        finish(&applied, &session, args, terminal)?;
        if let Some(name) = reset.filter(|name| !resets(&applied, name)) {
            return Err(Failure::new(format!("smtp-user/{name}: no file declares it, or the panel has no such login; nothing was reset")));
        }
        if let (Some(file), true) = (saved.and(args.what.first()), is_spent(&applied)) {
            terminal.say(&format!("{file} is spent: nothing of it is left to do"));
        }
        *left.lock().unwrap_or_else(PoisonError::into_inner) = waiting::until(&applied).map(|at| (at, session.now()));
        // what a reset leaves out on purpose is no remainder of it
        let exit = if reset.is_some_and(|name| is_reset(&applied, name)) { ExitCode::Done } else { applied.exit };
        // Nobody there to ask is an error of the call, not a no.
        Ok(if refused { exit.gravest(ExitCode::Error) } else { exit })
    })
}

/// The plan before the question: on stdout where text goes there, else it is talk.
fn show(planned: &Planned, session: &Session, args: &ApplyArgs, terminal: Terminal) {
    let shown = Shown::new(planned, session.now());
    shown.tell(terminal);
    let view = shown.view();
    let looks = Looks { full: args.full, ..Looks::default() };
    if args.outputs.on_stdout() == Format::Text {
        terminal.print(&text::plan(&view, text_options(terminal, false, looks)));
    } else {
        terminal.say(&text::plan(&view, text_options(terminal, true, looks)));
    }
    for (name, new) in &planned.stale {
        terminal.error(&format!("{name} is stale, nothing was written: {}; plan again", new.join("; ")));
    }
}

/// Whether the reset that was asked for is done, and nothing else was left of the run but what `--only` leaves.
fn is_reset(applied: &Applied, name: &str) -> bool {
    let step = applied.planned.plans.iter().flat_map(|p| &p.steps).find(|s| s.action == Action::Reset && s.key.name == name);
    let done = |id| {
        applied.tenants.values().filter_map(|t| t.outcome.as_ref()).any(|o| o.done.iter().any(|(s, o)| *s == id && *o == StepOutcome::Done))
    };
    applied.exit == ExitCode::Pending && step.is_some_and(|s| done(s.id))
}

/// Whether a plan holds the reset that was asked for, or could not be made at all, which was told already.
fn resets(applied: &Applied, name: &str) -> bool {
    let planned = &applied.planned;
    let untold = planned.plans.is_empty();
    untold || planned.plans.iter().flat_map(|p| &p.steps).any(|s| s.action == Action::Reset && s.key.name == name)
}

/// Whether a plan file has nothing left: all its tenants were planned, and none has a step (S5.5).
fn is_spent(applied: &Applied) -> bool {
    let planned = &applied.planned;
    planned.troubles.is_empty() && planned.fault.is_none() && !planned.plans.is_empty() && planned.plans.iter().all(|p| p.is_empty())
}

fn finish(applied: &Applied, session: &Session, args: &ApplyArgs, terminal: Terminal) -> Result<(), Failure> {
    let plan = |name| applied.planned.plans.iter().find(|p| &p.tenant == name);
    let tenants = applied.tenants.iter().filter_map(|(name, told)| {
        let plan = plan(name)?;
        Some(Applying {
            plan,
            refusal: told.refusal.as_ref(),
            stays: &told.stays,
            outcome: told.outcome.as_ref(),
            looked: &told.looked,
            after: told.after.as_ref(),
            exit: told.exit,
            elapsed: told.elapsed,
        })
    });
    let shown = Shown::new(&applied.planned, session.now());
    let given = AppliedGiven { tenants: tenants.collect(), troubles: shown.troubles(), exits: &applied.planned.exits, exit: applied.exit };
    let view = view::applied(&given);
    let looks = Looks { full: args.full, ..Looks::default() };
    args.outputs.deliver(terminal, &mut |format, plain| {
        Ok(match format {
            // On stdout it follows the plan, which has named the troubles.
            Format::Text if !plain && view.tenants.is_empty() => String::new(),
            Format::Text if !plain => {
                let done = AppliedView { troubles: Vec::new(), ..view.clone() };
                format!("\n{}", text::applied(&done, text_options(terminal, plain, looks)))
            }
            Format::Text => text::applied(&view, text_options(terminal, plain, looks)),
            Format::Json => as_json(&view)?,
            Format::Markdown => markdown::applied(&view),
        })
    })?;
    if let Some(file) = &args.receipts {
        let entries = receipts::copy(&session.memory, &session.run, file)?;
        terminal.say(&format!("wrote {entries} journal entries into {}", file.display()));
    }
    Ok(())
}
