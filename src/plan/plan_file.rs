//! The plan file: what `plan --output json=FILE` writes and `apply FILE` reads (S5.5). Versioned, without any secret.

use crate::base::Timestamp;
use crate::plan::tenant_plan::Plan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version that this program writes.
pub const PLAN_FILE_SCHEMA: &str = "mailwright/plan/v1";

/// A saved run: the plans of its tenants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanFile {
    /// [`PLAN_FILE_SCHEMA`].
    pub schema: String,
    /// The program's version, for people.
    pub written_by: String,
    /// When it was made.
    #[schemars(with = "String")]
    pub created: Timestamp,
    /// After this moment `apply FILE` refuses it.
    #[schemars(with = "String")]
    pub expires: Timestamp,
    /// The plans, by tenant name.
    pub plans: Vec<Plan>,
    /// The exit code of each tenant's plan (S18.2), by name.
    pub exit_codes: std::collections::BTreeMap<String, u8>,
}
