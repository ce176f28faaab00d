//! What a driver can do, as a matrix of kinds, attributes and operations.

use crate::model::{Capabilities, Field, Kind, Operation, Support};
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
    /// Attributes that are not as their kind: name and support.
    pub except: Vec<(String, String)>,
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
    /// Whether writers exclude each other at the panel (S12.1).
    pub lease: bool,
    /// Whether the panel counts mail per recipient (S13.3).
    pub counts_mail: bool,
    /// Users in one bulk call; `None`: there is no bulk call.
    pub bulk: Option<u32>,
}

/// The view of a driver.
#[must_use]
pub fn driver(about: &str, caps: &Capabilities) -> DriverView {
    DriverView {
        name: caps.driver.to_owned(),
        about: about.to_owned(),
        kinds: Kind::ALL.into_iter().map(|k| kind(k, caps)).collect(),
        operations: caps.operations.keys().map(|o| operation(*o, caps)).collect(),
        lease: caps.lease,
        counts_mail: caps.counts_mail,
        bulk: caps.bulk.map(|b| b.most),
    }
}

fn kind(kind: Kind, caps: &Capabilities) -> KindView {
    let said = caps.kind(kind);
    let can = [(said.create, "create"), (said.delete, "delete"), (said.rename, "rename")];
    let except =
        Field::of(kind).filter(|f| caps.support(*f) != said.support).map(|f| (f.name().to_owned(), word(&caps.support(f)).to_owned()));
    KindView {
        kind,
        support: word(&said.support).to_owned(),
        why: why(&said.support),
        can: can.into_iter().filter(|(can, _)| *can).map(|(_, word)| word.to_owned()).collect(),
        except: except.collect(),
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
