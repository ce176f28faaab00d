//! A path that a file names: checked when it is read, because only then the naming file is at hand (S19.2).

use super::Scalar;
use crate::config::reading::Reading;
use crate::config::reading::context::refused_path;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::DeValue;

/// A path, as written and as it lies in the workspace.
#[derive(Debug, Clone, Eq)]
pub struct FilePath {
    /// As written.
    pub written: String,
    /// Relative to the workspace. Equal to `written` where it was not read from a file of the workspace.
    pub path: String,
}

/// Two spellings of one file are one file.
impl PartialEq for FilePath {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl Scalar for FilePath {
    fn scalar(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let DeValue::String(written) = value.get_ref() else {
            cx.wrong_type(value, "a text");
            return None;
        };
        match crate::config::path::join(cx.name, written) {
            Ok(path) => Some(Self { written: written.to_string(), path }),
            Err(error) => {
                let span = cx.span(value.span());
                cx.push(refused_path(&error, span, written));
                None
            }
        }
    }
}

impl<'de> serde::Deserialize<'de> for FilePath {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let written = <String as serde::Deserialize>::deserialize(d)?;
        Ok(Self { path: written.clone(), written })
    }
}

impl JsonSchema for FilePath {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "FilePath".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}
