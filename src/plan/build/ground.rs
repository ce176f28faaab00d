//! What every part of the planner stands on: the inputs, and the questions that are asked of them.

use crate::base::span::Span;
use crate::base::{DomainName, ProviderName, TenantName, Timestamp};
use crate::model::observed::SourcePos;
use crate::model::{
    Capabilities, Field, Key, Kind, KindSupport, LiveHead, Observed, Offer, Operation, Policy, Remembered, Support, Value, Window,
};
use crate::plan::Details;
use crate::resolve::{Desired, Heads};
use std::collections::BTreeMap;

/// How far the panel's clock and ours may be apart when moments of both are compared.
pub(super) const CLOCKS_APART: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// The inputs of [`crate::plan::build`], borrowed.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub desired: &'a Desired,
    pub observed: &'a Observed,
    pub rows: &'a Details,
    pub remembered: &'a Remembered,
    pub capabilities: &'a BTreeMap<ProviderName, Capabilities>,
    pub policy: &'a Policy,
    pub now: Timestamp,
}

impl<'a> Ground<'a> {
    pub(super) fn heads(&self) -> &'a Heads {
        &self.desired.heads
    }
    pub(super) fn tenant(&self) -> &'a TenantName {
        self.desired.heads.name()
    }
    pub(super) fn key(&self, kind: Kind, name: &str) -> Key {
        Key::new(self.tenant(), kind, name)
    }
    /// What the provider of a kind can do; `None` where it was not asked.
    pub(super) fn can(&self, kind: Kind) -> Option<&'a Capabilities> {
        self.capabilities.get(self.heads().provider(kind))
    }
    /// The panel's origin, part of every step digest (S5.2).
    pub(super) fn origin(&self, kind: Kind) -> &'a str {
        self.can(kind).map_or("", |c| c.origin.as_str())
    }
    pub(super) fn support(&self, field: Field) -> Support {
        self.can(field.kind()).map_or_else(unasked, |c| c.support(field))
    }
    pub(super) fn is_managed(&self, field: Field) -> bool {
        self.support(field) == Support::Managed
    }
    pub(super) fn kind(&self, kind: Kind) -> KindSupport {
        let absent = || KindSupport { support: unasked(), create: false, delete: false, rename: false, incarnation: false };
        self.can(kind).map_or_else(absent, |c| c.kind(kind))
    }
    pub(super) fn offer(&self, operation: Operation) -> Offer {
        self.can(Kind::User).map_or_else(Offer::default, |c| c.offer(operation))
    }
    /// The window of a kind (S6.1); none: effective at once.
    pub(super) fn window(&self, kind: Kind) -> Option<Window> {
        self.can(kind).and_then(|c| c.windows.get(&kind).copied())
    }
    /// Now, by the clock of the panel that keeps the users.
    pub(super) fn panel_now(&self) -> Timestamp {
        self.can(Kind::User).map_or(self.now, |c| c.timetable.panel_now(self.now))
    }
    /// A moment of the clock of the panel that keeps objects of a kind, by our own clock.
    pub(super) fn by_our_clock(&self, kind: Kind, at: Timestamp) -> Timestamp {
        self.can(kind).and_then(|c| at.checked_sub(c.timetable.ahead).ok()).unwrap_or(at)
    }
    /// A moment of our own clock, by that of the panel that keeps objects of a kind.
    pub(super) fn by_panel_clock(&self, kind: Kind, at: Timestamp) -> Timestamp {
        self.can(kind).map_or(at, |c| c.timetable.panel_now(at))
    }
    /// A declared value in the form in which the driver gives it back.
    pub(super) fn canonical(&self, field: Field, value: Value) -> Value {
        match self.can(field.kind()) {
            Some(c) => (c.canonical)(field, value),
            None => value,
        }
    }
    pub(super) fn at(&self, span: Span) -> Option<SourcePos> {
        self.rows.positions.get(&span.place).cloned()
    }
    pub(super) fn live(&self, kind: Kind, name: &str) -> Option<&'a LiveHead> {
        self.observed.heads.get(&self.key(kind, name))
    }
    pub(super) fn live_domain(&self, name: &DomainName) -> Option<&'a LiveHead> {
        self.live(Kind::Domain, name.as_str())
    }
    /// Live domains by name.
    pub(super) fn live_domains(&self) -> impl Iterator<Item = &'a LiveHead> + use<'a> {
        self.observed.heads.values().filter(|h| h.key.kind == Kind::Domain)
    }
}

fn unasked() -> Support {
    Support::Absent { text: "its provider was not asked".into() }
}
