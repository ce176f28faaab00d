//! Values as JSON text, and the plan file of a run.

use crate::base::{ExitCode, TenantName, Timestamp};
use crate::plan::{PLAN_FILE_SCHEMA, Plan, PlanFile};
use jiff::SignedDuration;
use serde::Serialize;
use std::collections::BTreeMap;

/// Days for which a plan file can be applied; a review takes days, and a panel that changed makes it stale anyway.
pub const PLAN_FILE_DAYS: i64 = 7;

/// A value as indented JSON with a line end. Our own types have string keys and no maps that could fail.
///
/// # Errors
/// What the encoder says; a defect of ours.
pub fn json<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

/// The plan file of a run (S5.5).
#[must_use]
pub fn plan_file(plans: &[Plan], exits: &BTreeMap<TenantName, ExitCode>, now: Timestamp) -> PlanFile {
    let expires = now.checked_add(SignedDuration::from_hours(24 * PLAN_FILE_DAYS)).unwrap_or(Timestamp::MAX);
    PlanFile {
        schema: PLAN_FILE_SCHEMA.to_owned(),
        written_by: format!("mailwright {}", env!("CARGO_PKG_VERSION")),
        created: now,
        expires,
        plans: plans.to_vec(),
        exit_codes: exits.iter().map(|(name, code)| (name.to_string(), code.number())).collect(),
    }
}
