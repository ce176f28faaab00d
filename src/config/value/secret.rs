//! References to secrets: `{ env = "NAME" }` or `{ file = "PATH" }`, never a text (S10.1).
//!
//! A text where a secret belongs is refused, and its place is concealed, so that no excerpt shows it.

use super::At;
use crate::base::{SecretRef, Span};
use crate::config::path::PathError;
use crate::config::reading::context::refused_path;
use crate::config::reading::part::raw_table;
use crate::config::reading::{Part, Reading};
use crate::config::rules;
use toml::Spanned;
use toml::de::DeValue;

raw_table! {
    /// A reference to a secret: an environment variable or a file. The secret itself is never written here.
    #[schemars(extend("oneOf" = [{ "required": ["env"] }, { "required": ["file"] }]))]
    SecretKeys {
        /// Name of an environment variable.
        env: At<String>,
        /// A file, relative to this one; one newline at its end is cut.
        file: At<String>,
    }
}

/// A reference to a secret, checked.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct SecretTable(pub SecretKeys);

impl Part for SecretTable {
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        if !value.get_ref().is_table() {
            inline(value, cx);
            return None;
        }
        let mut keys = SecretKeys::read(value, cx)?;
        one_place(&mut keys, value, cx)?;
        Some(Self(keys))
    }
    fn span(&self) -> Span {
        self.0.at
    }
}

raw_table! {
    /// A reference to a secret that a panel keeps: an environment variable or a file, and a text that says when it is new.
    #[schemars(extend("oneOf" = [{ "required": ["env"] }, { "required": ["file"] }]))]
    KeptSecretKeys {
        /// Name of an environment variable.
        env: At<String>,
        /// A file, relative to this one; one newline at its end is cut.
        file: At<String>,
        /// Change this text to send the secret again; without it the secret is sent on creation only.
        rotate: At<String>,
    }
}

/// A reference to a secret that a panel keeps, checked.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct KeptSecretTable(pub KeptSecretKeys);

impl Part for KeptSecretTable {
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        if !value.get_ref().is_table() {
            inline(value, cx);
            return None;
        }
        let mut all = KeptSecretKeys::read(value, cx)?;
        let mut keys = SecretKeys { at: all.at, refused: all.refused, env: all.env.take(), file: all.file.take() };
        one_place(&mut keys, value, cx)?;
        (all.env, all.file) = (keys.env, keys.file);
        Some(Self(all))
    }
    fn span(&self) -> Span {
        self.0.at
    }
}

raw_table! {
    /// A place where a credential is kept when it is minted. The credential itself is never written here.
    SinkKeys {
        /// A file, relative to this one, inside the workspace and ignored by git; written with mode 0600.
        file: At<String> = required,
        /// Whether the file outlives the machine that writes it. Unattended, only such a file takes a credential.
        durable: At<bool>,
    }
}

/// A sink, checked.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct SinkTable(pub SinkKeys);

impl Part for SinkTable {
    fn read(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        if !value.get_ref().is_table() {
            inline(value, cx);
            return None;
        }
        let mut keys = SinkKeys::read(value, cx)?;
        check_path(keys.file.as_mut()?, cx)?;
        Some(Self(keys))
    }
    fn span(&self) -> Span {
        self.0.at
    }
}

impl SinkTable {
    /// The reference; its path is relative to the workspace.
    #[must_use]
    pub fn reference(self) -> Option<At<SecretRef>> {
        let span = self.0.at;
        self.0.file.map(|file| At { value: SecretRef::File(file.value), span })
    }
    /// Whether it outlives the machine that writes it.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.0.durable.as_ref().is_some_and(|d| d.value)
    }
}

/// What to do where a secret stands in clear text.
pub const REMEDY: &str = "write { env = \"NAME\" } or { file = \"PATH\" }";

fn inline(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) {
    let (name, span) = (cx.last(), cx.span(value.span()));
    let finding =
        rules::INLINE_SECRET.finding(format!("`{name}` holds a secret in clear text")).at(span, "a reference belongs here").conceal(span);
    cx.push(finding.note("change the secret if this file was ever shared or committed").fix(REMEDY));
}

/// Exactly one of `env` and `file`, each as it must be.
fn one_place(keys: &mut SecretKeys, value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<()> {
    let table = value.get_ref().as_table()?;
    if table.contains_key("env") == table.contains_key("file") {
        let finding = rules::SECRET_SHAPE.finding(format!("`{}` needs exactly one of `env` and `file`", cx.last()));
        cx.push(finding.at(keys.at, "a secret comes from one place").fix(REMEDY));
        return None;
    }
    check_env(keys, cx)?;
    check_file(keys, cx)
}

fn check_env(keys: &SecretKeys, cx: &mut Reading<'_>) -> Option<()> {
    let Some(env) = &keys.env else { return Some(()) };
    let good = |c: u8| c.is_ascii_alphanumeric() || c == b'_';
    if !env.value.is_empty() && env.value.bytes().all(good) && !env.value.as_bytes()[0].is_ascii_digit() {
        return Some(());
    }
    let bare = env.value.trim_start_matches('$').trim_start_matches('{').trim_end_matches('}');
    let finding = rules::SECRET_SHAPE
        .finding("`env` is not the name of an environment variable")
        .at(env.span, "letters, digits and `_`")
        .conceal(env.span);
    let dollar = env.value.starts_with('$') && !bare.is_empty() && bare.bytes().all(good);
    cx.push(if dollar {
        finding.replace("write the bare name, without `$`", env.span, format!("\"{bare}\""))
    } else {
        finding.fix("write the name of a variable; a secret itself never stands in a file")
    });
    None
}

/// Makes the path of a file relative to the workspace. Absolute paths are for `mailwright.toml` alone, which is the policy
/// (S19.1); tenant files stay inside the workspace (S19.2).
fn check_file(keys: &mut SecretKeys, cx: &mut Reading<'_>) -> Option<()> {
    match &mut keys.file {
        Some(file) => check_path(file, cx),
        None => Some(()),
    }
}

fn check_path(file: &mut At<String>, cx: &mut Reading<'_>) -> Option<()> {
    match crate::config::path::join(cx.name, &file.value) {
        Ok(path) => file.value = path,
        Err(PathError::Absolute(path)) if cx.tenant.is_none() && path.starts_with('/') && !path.split('/').any(|p| p == "..") => {}
        Err(error) => {
            cx.push(refused_path(&error, file.span, &file.value));
            return None;
        }
    }
    Some(())
}

impl SecretTable {
    /// The reference; its path is relative to the workspace where it was read from a file of it.
    #[must_use]
    pub fn reference(self) -> Option<At<SecretRef>> {
        let span = self.0.at;
        let env = self.0.env.map(|env| SecretRef::Env(env.value));
        env.or_else(|| self.0.file.map(|file| SecretRef::File(file.value))).map(|value| At { value, span })
    }
}

impl KeptSecretTable {
    /// The reference, as [`SecretTable::reference`], and the text that says when it is new.
    #[must_use]
    pub fn reference(self) -> Option<At<(SecretRef, Option<At<String>>)>> {
        let KeptSecretKeys { at, refused, env, file, rotate } = self.0;
        let from = SecretTable(SecretKeys { at, refused, env, file }).reference()?;
        Some(At { value: (from.value, rotate), span: from.span })
    }
}
