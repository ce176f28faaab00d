//! JSON for machines: the plan file, and views of the other commands. Versioned; schemas lie in `schemas/`.
//!
//! Deliberately absent: reading plan files (`plan::PlanFile` does it by serde).

mod files;
mod schema;

pub use files::{PLAN_FILE_DAYS, json, plan_file};
pub use schema::{Generate, OUTPUT_SCHEMAS, schema_of};
