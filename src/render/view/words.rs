//! Enums of the planner in the words that people read.

use crate::base::printable::printable;
use crate::plan::{Action, BillableCause, BillableChange, Budget, Cause, Gate, LeftAlone, Plan, Step};

/// `1 user`, `2 users`: a count with its noun.
#[must_use]
pub fn count(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

/// `1,200`: digits in groups of three.
#[must_use]
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let (at, mut out) = (digits.len(), String::new());
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (at - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The lines of a text of ours that may hold text of others, each made harmless.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| printable(line.trim_end()).into_owned()).collect()
}

/// A text as one harmless line.
#[must_use]
pub fn one_line(text: &str) -> String {
    lines(text).join(" ")
}

/// The sign before a step: what becomes of the object.
#[must_use]
pub fn sign(action: Action) -> char {
    match action {
        Action::Create | Action::Mint | Action::Buy => '+',
        Action::Update | Action::Reset | Action::Block => '~',
        Action::Delete => '-',
        Action::Move | Action::Rename | Action::HandOff => '›',
    }
}

/// What was left alone, counted (S3.5).
#[must_use]
pub fn left_alone(why: LeftAlone, n: u64) -> String {
    let users = |what: &str| format!("{} {what}", count(n, "user", "users"));
    match why {
        LeftAlone::Directory => users("of the directory"),
        LeftAlone::UnknownOrigin => users("of unknown origin"),
        LeftAlone::Undeclared => count(n, "undeclared user", "undeclared users"),
        LeftAlone::Observed => format!("{} under `observe`", count(n, "difference", "differences")),
        LeftAlone::Ignored => format!("{n} ignored"),
        LeftAlone::DeclaredButOwned => users("declared, but owned by the directory"),
    }
}

/// Billable mailboxes that come and go for one cause: `+3 new users`, `−1 by tombstone` (S16.4).
#[must_use]
pub fn billable(change: &BillableChange) -> Vec<String> {
    let said = |n: u64, sign: char, one: &str, many: &str| (n > 0).then(|| format!("{sign}{n} {}", if n == 1 { one } else { many }));
    let (come, go) = match change.cause {
        BillableCause::NewUser => (["new user", "new users"], ["user", "users"]),
        BillableCause::AliasBecomesUser => (["alias that becomes a user", "aliases that become users"], ["alias", "aliases"]),
        BillableCause::Kind => (["becomes a mailbox", "become mailboxes"], ["is no mailbox any more", "are no mailboxes any more"]),
        BillableCause::LostImport => (["of a lost import"; 2], ["of a lost import"; 2]),
        BillableCause::Renamed => (["renamed"; 2], ["renamed"; 2]),
        BillableCause::WholeList => (["on the whole list"; 2], ["not on the whole list"; 2]),
        BillableCause::Tombstone => (["by tombstone"; 2], ["by tombstone"; 2]),
        BillableCause::ImportUnderWay => (["by the import under way"; 2], ["by the import under way"; 2]),
        BillableCause::Directory => (["by the directory"; 2], ["by the directory"; 2]),
        BillableCause::MailTraffic => (["address that gets mail, at most", "addresses that get mail, at most"], [""; 2]),
    };
    said(change.added, '+', come[0], come[1]).into_iter().chain(said(change.removed, '−', go[0], go[1])).collect()
}

/// Why a step is there, without its place; empty where the place says it all.
#[must_use]
pub fn cause(step: &Step) -> String {
    match &step.why {
        Cause::Declared => String::new(),
        Cause::Default => "by a default".to_owned(),
        Cause::WholeList { list } => format!("{} is the whole list", printable(list)),
        Cause::Removed { since, reason: Some(reason) } => format!("removed since {}: {}", printable(since), printable(reason)),
        Cause::Removed { since, reason: None } => format!("removed since {}", printable(since)),
        Cause::Renamed { from } => format!("renamed from {}", printable(from)),
        Cause::Moved { from } => format!("taken from {} {}", from.kind, printable(&from.name)),
        Cause::Overdue => "overdue: accepted before, and not in effect".to_owned(),
    }
}

/// Whether why a step is held was said once for all of them, at the head of the plan.
#[must_use]
pub fn said_above(reason: &str, stopped: &[String]) -> bool {
    stopped.iter().any(|said| reason.starts_with(said.as_str()))
}

/// What a gate asks for.
#[must_use]
pub fn gate(gate: &Gate) -> String {
    match gate {
        Gate::Always { what } => one_line(what),
        Gate::Guard { evidence, reason } => format!("{} (evidence `{evidence}`)", one_line(&reason.to_string())),
    }
}

/// The budget that a step counts for: its own for tombstones, else its domain's, else the tenant's (S7.5).
#[must_use]
pub fn budget<'a>(plan: &'a Plan, step: &Step) -> Option<&'a Budget> {
    let of = |scope: &str| plan.budgets.iter().find(|b| b.scope == scope);
    if !step.is_counted() {
        return None;
    }
    if matches!(step.why, Cause::Removed { .. })
        && let Some(named) = of("named")
    {
        return Some(named);
    }
    step.key.domain().and_then(|d| of(&format!("domain {d}"))).or_else(|| of(&format!("tenant {}", plan.tenant)))
}
