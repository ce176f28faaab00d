//! The rows that a plan needs in full, read again at their places after the join.

use crate::base::span::Place;
use crate::model::observed::{RowId, SourcePos};
use crate::model::{Key, Reason, SinkState, User};
use std::collections::{BTreeMap, BTreeSet};

/// A desired row in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailRow {
    /// All its fields, those of all places added up, defaults included.
    pub user: User,
    /// Where it stands first.
    pub at: SourcePos,
    /// Which fields come from a default (S2.3).
    pub by_default: crate::model::FieldMask,
}

/// The rows of all kept and missing users, and the positions of heads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// By row; `Err` where a row no longer gives its print ("changed while reading": nothing is planned for it).
    pub rows: BTreeMap<RowId, Result<DetailRow, Reason>>,
    /// Positions of the places of heads.
    pub positions: BTreeMap<Place, SourcePos>,
    /// What the sinks of SMTP users hold, by the name in files (S10.4).
    pub sinks: BTreeMap<String, SinkState>,
    /// Objects for which a person asked on the command line: credentials to be reset.
    pub asked: BTreeSet<Key>,
}
