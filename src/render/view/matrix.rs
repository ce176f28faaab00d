//! Drivers side by side: a row for each attribute, operation and service, a column for each driver.

use crate::model::{Allowance, Kind, Operation, ProofRule, UsersBy};
use crate::render::view::driver::{DriverView, KindView};
use crate::render::view::words::number;

/// Where a driver has nothing.
pub const NOTHING: &str = "–";

/// What the letters mean.
pub const LEGEND: [&str; 4] = [
    "managed: differences become steps · readable: they are reported · hand-off: a step for a person · absent: the panel has no such thing",
    "c create · d delete · r rename natively · i an id that is never used again (S4.2)",
    "exact: a crash needs no person (S11.4), by k idempotency key, p precondition, t a read that tells whether a call took effect; a atomic",
    "a number of requests is what the driver sends in a minute from one credential, and in brackets how many of them at once",
];

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixRow {
    /// What it is about.
    pub label: String,
    /// Whether it is a part of the row above that is none.
    pub part: bool,
    /// One for each driver.
    pub cells: Vec<String>,
}

/// Rows of one sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixSection {
    /// Of what sort.
    pub title: &'static str,
    /// The rows.
    pub rows: Vec<MatrixRow>,
}

/// Drivers side by side: objects with their attributes, operations, and the panel as a whole.
#[must_use]
pub fn matrix(all: &[DriverView]) -> [MatrixSection; 3] {
    [
        MatrixSection { title: "objects", rows: objects(all) },
        MatrixSection { title: "operations", rows: operations(all) },
        MatrixSection { title: "panel", rows: panel(all) },
    ]
}

fn objects(all: &[DriverView]) -> Vec<MatrixRow> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let kinds: Vec<&KindView> = all.iter().filter_map(|d| d.kinds.iter().find(|k| k.kind == kind)).collect();
        let cells = kinds.iter().map(|k| format!("{} {}", k.support, letters(k)).trim_end().to_owned()).collect();
        rows.push(MatrixRow { label: kind.word().to_owned(), part: false, cells });
        for at in 0..kinds.first().map_or(0, |k| k.attributes.len()) {
            let label = kinds[0].attributes[at].name.clone();
            rows.push(MatrixRow { label, part: true, cells: kinds.iter().map(|k| k.attributes[at].support.clone()).collect() });
        }
    }
    rows
}

fn letters(kind: &KindView) -> String {
    let can = kind.can.iter().filter_map(|word| word.chars().next());
    can.chain(kind.incarnation.then_some('i')).map(|c| c.to_string()).collect::<Vec<_>>().join(" ")
}

fn operations(all: &[DriverView]) -> Vec<MatrixRow> {
    let cell = |driver: &DriverView, operation: Operation| {
        let Some(said) = driver.operations.iter().find(|o| o.operation == operation) else { return NOTHING.to_owned() };
        let by = said.by.iter().map(|by| match by.as_str() {
            "idempotency key" => "k",
            "precondition" => "p",
            "proof of call" => "t",
            _ => "a",
        });
        let exact = if said.exact { "exact" } else { "not exact" };
        std::iter::once(exact).chain(by).collect::<Vec<_>>().join(" ")
    };
    let row = |o: Operation| MatrixRow { label: o.word().to_owned(), part: false, cells: all.iter().map(|d| cell(d, o)).collect() };
    Operation::ALL.into_iter().map(row).collect()
}

fn panel(all: &[DriverView]) -> Vec<MatrixRow> {
    let row = |label: &str, cell: &dyn Fn(&DriverView) -> String| MatrixRow {
        label: label.to_owned(),
        part: false,
        cells: all.iter().map(cell).collect(),
    };
    let yes = |has: bool| if has { "yes" } else { "no" }.to_owned();
    let many = |n: Option<u32>| n.map_or(NOTHING.to_owned(), |n| number(u64::from(n)));
    let allowed = |a: Option<Allowance>| a.map_or(NOTHING.to_owned(), |a| format!("{} ({})", number(u64::from(a.per_minute)), a.burst));
    let mut rows = vec![
        row("proof of completeness", &|d| proof(d.pages.proof).to_owned()),
        row("users are listed by", &|d| if d.pages.users_by == UsersBy::Domain { "domain" } else { "tenant" }.to_owned()),
        row("objects of a page", &|d| number(u64::from(d.pages.size))),
        row("users in a bulk call", &|d| many(d.bulk)),
        row("users in an import", &|d| many(d.import)),
        row("reads a minute", &|d| allowed(d.rate.and_then(|r| r.reads))),
        row("writes a minute", &|d| allowed(d.rate.and_then(|r| r.writes))),
        row("requests a minute", &|d| allowed(d.rate.and_then(|r| r.all))),
    ];
    for (at, service) in all.first().map_or(&[][..], |d| &d.services).iter().enumerate() {
        rows.push(row(&service.name.replace('-', " "), &|d| yes(d.services.get(at).is_some_and(|s| s.offered))));
    }
    rows
}

/// How a list proves that it is complete, in a word or two.
#[must_use]
pub fn proof(rule: ProofRule) -> &'static str {
    match rule {
        ProofRule::Total => "total",
        ProofRule::EndMark => "end mark",
        ProofRule::TwoReads => "two reads",
        ProofRule::None => "none",
    }
}
