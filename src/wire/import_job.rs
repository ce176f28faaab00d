//! Import jobs: a whole list that is taken at once and takes effect later (seeds: "fully valid within 30–60 minutes").

use super::bulk::{BulkMode, BulkUser, IgnoreReason};
use crate::base::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ImportStatus {
    /// Taken; nothing of it acts yet.
    Accepted,
    /// It acts.
    Effective,
    /// It ended without any effect; `failure` says why.
    Failed,
}

/// Body of `POST …/imports`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ImportCreate {
    /// What happens to users that the list does not name.
    pub mode: BulkMode,
    /// The rows, 1..=100,000. Never empty.
    #[cfg_attr(feature = "panel", schema(min_items = 1, max_items = 100_000))]
    pub users: Vec<BulkUser>,
    /// Refuse with 412 unless the list of users has this fingerprint; the job fails if it has another when it is to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub expected_fingerprint: Option<String>,
}

/// A job. `accepted` + the sum of `ignored` = `sent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "panel", derive(utoipa::ToSchema))]
pub struct ImportJob {
    /// Minted by the panel, never reused; sorts by the time of its making.
    pub id: String,
    /// What happens to users that the list does not name.
    pub mode: BulkMode,
    /// How far it is.
    pub status: ImportStatus,
    /// Rows sent.
    pub sent: u64,
    /// Rows taken: judged when the job was taken, and again when it acted.
    pub accepted: u64,
    /// Rows not taken, counted by reason.
    #[cfg_attr(feature = "panel", schema(value_type = BTreeMap<String, u64>))]
    pub ignored: BTreeMap<IgnoreReason, u64>,
    /// Users created; 0 until it acts.
    pub created: u64,
    /// Users changed; 0 until it acts.
    pub updated: u64,
    /// Users deleted; 0 until it acts.
    pub deleted: u64,
    /// When it was taken.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub submitted_at: Timestamp,
    /// The earliest moment at which it acts.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub effective_from: Timestamp,
    /// The latest.
    #[cfg_attr(feature = "panel", schema(value_type = String, format = DateTime))]
    pub effective_until: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(value_type = Option<String>, format = DateTime, nullable = false))]
    pub finished_at: Option<Timestamp>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "panel", schema(nullable = false))]
    pub failure: Option<String>,
}
