//! JSON Schemas (draft 07) of everything that is written as JSON.

use crate::plan::PlanFile;
use crate::render::view::{AppliedView, DriftView, RunView};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

/// Makes a schema.
pub type Generate = fn() -> Schema;

/// File name and schema of each output.
pub const OUTPUT_SCHEMAS: &[(&str, Generate)] = &[
    ("plan.schema.json", schema_of::<PlanFile>),
    ("view.schema.json", schema_of::<RunView>),
    ("applied.schema.json", schema_of::<AppliedView>),
    ("drift.schema.json", schema_of::<DriftView>),
];

/// The schema of a type that is written, with `null` where a value may be missing.
#[must_use]
pub fn schema_of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft07().for_serialize().into_generator().into_root_schema_for::<T>()
}
