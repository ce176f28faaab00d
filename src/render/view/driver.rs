//! What a driver can do, as a matrix of kinds, attributes and operations.

use crate::model::{Capabilities, Field, Kind, Operation, PageRule, Rate, Support};
use crate::render::view::words::one_line;
use schemars::JsonSchema;
use serde::Serialize;

/// A kind of object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KindView {
    /// Which.
    pub kind: Kind,
    /// `managed`, `readable`, `hand-off` or `absent`.
    pub support: String,
    /// Why, where it is a hand-off or absent.
    pub why: Option<String>,
    /// `create`, `delete`, `rename`, as far as the panel can.
    pub can: Vec<String>,
    /// Whether the panel gives an id that is never used again (S4.2).
    pub incarnation: bool,
    /// Each of its attributes.
    pub attributes: Vec<SupportView>,
}

/// An attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SupportView {
    /// Which.
    pub name: String,
    /// `managed`, `readable`, `hand-off` or `absent`.
    pub support: String,
    /// Why, where it is a hand-off or absent.
    pub why: Option<String>,
}

/// A service of the panel beside objects and operations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ServiceView {
    /// `lease`, `counts-mail`, …
    pub name: String,
    /// Whether the panel has it.
    pub offered: bool,
}

/// An operation and what it offers (S11.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OperationView {
    /// Which.
    pub operation: Operation,
    /// Whether a crash needs no person (S11.4).
    pub exact: bool,
    /// `idempotency key`, `precondition`, …
    pub by: Vec<String>,
}

/// A driver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DriverView {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
    /// Per kind.
    pub kinds: Vec<KindView>,
    /// Per operation.
    pub operations: Vec<OperationView>,
    /// What it offers beside them.
    pub services: Vec<ServiceView>,
    /// How lists are paged, and how they prove that they are complete (S1.3).
    pub pages: PageRule,
    /// Users in one bulk call; `None`: there is no bulk call.
    pub bulk: Option<u32>,
    /// Users in one import of the whole list, which acts later; `None`: there are no imports.
    pub import: Option<u32>,
    /// How many requests the panel takes from one credential; `None`: it does not say.
    pub rate: Option<Rate>,
}

/// The view of a driver.
#[must_use]
pub fn driver(about: &str, caps: &Capabilities) -> DriverView {
    DriverView {
        name: caps.driver.to_owned(),
        about: about.to_owned(),
        kinds: Kind::ALL.into_iter().map(|k| kind(k, caps)).collect(),
        operations: Operation::ALL.into_iter().filter(|o| caps.operations.contains_key(o)).map(|o| operation(o, caps)).collect(),
        services: caps.services().map(|(name, offered)| ServiceView { name: name.to_owned(), offered }).into(),
        pages: caps.pages,
        bulk: caps.bulk.map(|b| b.most),
        import: caps.timetable.imports.as_ref().map(|i| i.most),
        rate: caps.rate,
    }
}

fn kind(kind: Kind, caps: &Capabilities) -> KindView {
    let said = caps.kind(kind);
    let can = [(said.create, "create"), (said.delete, "delete"), (said.rename, "rename")];
    let attribute = |field: Field| {
        let support = caps.support(field);
        SupportView { name: field.name().to_owned(), support: word(&support).to_owned(), why: why(&support) }
    };
    KindView {
        kind,
        support: word(&said.support).to_owned(),
        why: why(&said.support),
        can: can.into_iter().filter(|(can, _)| *can).map(|(_, word)| word.to_owned()).collect(),
        incarnation: said.incarnation,
        attributes: Field::of(kind).map(attribute).collect(),
    }
}

fn operation(operation: Operation, caps: &Capabilities) -> OperationView {
    let offer = caps.offer(operation);
    let by = [
        (offer.idempotency_key, "idempotency key"),
        (offer.precondition, "precondition"),
        (offer.proof_of_call, "proof of call"),
        (offer.atomic, "atomic"),
    ];
    let by = by.into_iter().filter(|(has, _)| *has).map(|(_, word)| word.to_owned()).collect();
    OperationView { operation, exact: offer.is_exact(), by }
}

fn word(support: &Support) -> &'static str {
    match support {
        Support::Managed => "managed",
        Support::Readable => "readable",
        Support::HandOff { .. } => "hand-off",
        Support::Absent { .. } => "absent",
    }
}

fn why(support: &Support) -> Option<String> {
    match support {
        Support::Managed | Support::Readable => None,
        Support::HandOff { text } | Support::Absent { text } => Some(one_line(text)),
    }
}
