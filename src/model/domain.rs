//! An inbound mail domain as declared, and the words of authority and relay check.

use crate::base::DomainName;
use crate::base::span::{Span, Spanned};
use crate::model::continuity::Continuity;
use crate::model::directory::Directory;
use crate::model::discovery::Discovery;
use crate::model::field::Field;
use crate::model::user::words;
use crate::model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

words!(
    /// Who decides over a collection (S3.1): the words of the panels' import dialogues.
    Authority {
        /// Differences are reported, nothing is done.
        Observe = "observe",
        /// What is declared is added; nothing goes; the default.
        Add = "add",
        /// The declared list is the whole list.
        AddDeleteOld = "add-delete-old",
    }
);

words!(
    /// How the filter knows which recipients exist.
    RelayCheck {
        /// It asks the destination by SMTP.
        Smtp = "smtp",
        /// It asks a directory.
        Ldap = "ldap",
        /// It has the list of users.
        ControlPanel = "control-panel",
    }
);

/// A domain; `None` is not managed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// Its A-label.
    pub name: DomainName,
    /// Its header.
    pub at: Span,
    /// `host:port` in order of priority, canonical (port always written).
    pub destination: Option<Spanned<Vec<String>>>,
    /// Relay check.
    pub relay_check: Option<Spanned<RelayCheck>>,
    /// Alias domains.
    pub alias_domains: Option<Spanned<BTreeSet<DomainName>>>,
    /// Authority of the domain; falls to its users.
    pub authority: Option<Spanned<Authority>>,
    /// Authority of the collection of users, where written there.
    pub users_authority: Option<Spanned<Authority>>,
    /// Authority of the aliases of declared users, where written there.
    pub aliases_authority: Option<Spanned<Authority>>,
    /// The user lists (`from`) of the domain, as written.
    pub users_from: Vec<Spanned<String>>,
    /// Its directories by name; the unnamed one is `default`.
    pub directories: BTreeMap<String, Directory>,
    /// Its discovery.
    pub discovery: Option<Discovery>,
    /// Its continuity.
    pub continuity: Option<Continuity>,
}

impl Domain {
    /// Calls `each` with every declared attribute and its place.
    pub fn visit(&self, each: &mut dyn FnMut(Field, Value, Span)) {
        if let Some(v) = &self.destination {
            each(Field::DomainDestination, Value::List(v.value.clone()), v.span);
        }
        if let Some(v) = &self.relay_check {
            each(Field::DomainRelayCheck, Value::text(v.value.word()), v.span);
        }
        if let Some(v) = &self.alias_domains {
            each(Field::DomainAliasDomains, Value::Set(v.value.iter().map(ToString::to_string).collect()), v.span);
        }
    }
}
