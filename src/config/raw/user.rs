//! `[[users]]`: the keys of a user. The row decoders read them; this struct gives them to schema and custom resources.

use crate::base::{Address, Span};
use crate::config::reading::part::raw_table;
use crate::config::reading::{Part, Reading};
use crate::config::value::{At, List};
use crate::model::user::{INVITE, UserKind, UserStatus};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::DeValue;

raw_table! {
    /// A user. The keys are the columns of the CSV.
    UserTable {
        /// The mail address.
        address: At<Address> = required,
        /// Given name; "" clears it.
        first_name: At<String>,
        /// Family name; "" clears it.
        last_name: At<String>,
        /// Other addresses of the user; [] clears them where authority is add-delete-old.
        aliases: List<Address>,
        /// mailbox (the default), shared, resource, list or forward.
        kind: At<UserKind>,
        /// active (may sign in) or inactive; mail flows anyway.
        status: At<UserStatus>,
        /// The password by reference, or "invite": the panel mails the user, who chooses one.
        password: PasswordForm,
        /// The address before a rename.
        previous_address: At<Address>,
        /// A group of the panel.
        group: At<String>,
    }
}

raw_table! {
    /// A password by reference: an environment variable or a file.
    #[schemars(extend("oneOf" = [{ "required": ["env"] }, { "required": ["file"] }]))]
    PasswordTable {
        /// Name of an environment variable.
        env: At<String>,
        /// A file, relative to this one.
        file: At<String>,
        /// Change this text to set the password again; without it the password is set on creation only.
        rotate: At<String>,
    }
}

/// A password as it may be written: a table, or the word `invite`.
#[derive(Debug, Clone, PartialEq)]
pub enum PasswordForm {
    /// By reference.
    Table(Box<PasswordTable>),
    /// The user chooses one.
    Invite(Span),
}

impl Part for PasswordForm {
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        if value.get_ref().as_str() == Some(INVITE) {
            return Some(Self::Invite(cx.span(value.span())));
        }
        PasswordTable::read(value, cx).map(|table| Self::Table(Box::new(table)))
    }
    fn span(&self) -> Span {
        match self {
            PasswordForm::Table(table) => table.at,
            PasswordForm::Invite(span) => *span,
        }
    }
}

impl<'de> Deserialize<'de> for PasswordForm {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(d)?;
        if value == INVITE {
            return Ok(Self::Invite(crate::config::reading::part::nowhere()));
        }
        // the message of a wrong type must not repeat a password that was written in clear
        let table = PasswordTable::deserialize(value).map_err(|_| serde::de::Error::custom("a password is a reference, or `invite`"))?;
        Ok(Self::Table(Box::new(table)))
    }
}

impl JsonSchema for PasswordForm {
    fn schema_name() -> Cow<'static, str> {
        "Password".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<PasswordTable>();
        json_schema!({ "anyOf": [{ "type": "string", "enum": [INVITE] }, table] })
    }
}
