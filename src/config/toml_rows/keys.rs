//! The keys of a `[[users]]` table and of its password.

/// What a key means, from the table that it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Target {
    Address,
    FirstName,
    LastName,
    Aliases,
    Kind,
    Status,
    Group,
    PreviousAddress,
    Password,
    PasswordEnv,
    PasswordFile,
    PasswordRotate,
    /// A key that was refused; its value is read and thrown away.
    Skip,
}

/// Number of targets that hold a value: all but [`Target::Skip`].
pub(super) const TARGETS: usize = Target::Skip as usize;

/// A table that keys stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    User,
    Password,
    Skip,
}

/// The keys of a user, as told in messages.
pub(super) const USER_KEYS: [&str; 9] =
    ["address", "first_name", "last_name", "aliases", "kind", "status", "group", "previous_address", "password"];
/// The word that stands for a password which the user chooses, asked by a mail.
pub(super) const INVITE: &str = "invite";
/// The keys of a password.
pub(super) const PASSWORD_KEYS: [&str; 3] = ["env", "file", "rotate"];

impl Target {
    pub(super) fn in_user(key: &str) -> Option<Self> {
        Some(match key {
            "address" => Self::Address,
            "first_name" => Self::FirstName,
            "last_name" => Self::LastName,
            "aliases" => Self::Aliases,
            "kind" => Self::Kind,
            "status" => Self::Status,
            "group" => Self::Group,
            "previous_address" => Self::PreviousAddress,
            "password" => Self::Password,
            _ => return None,
        })
    }
    pub(super) fn in_password(key: &str) -> Option<Self> {
        Some(match key {
            "env" => Self::PasswordEnv,
            "file" => Self::PasswordFile,
            "rotate" => Self::PasswordRotate,
            _ => return None,
        })
    }
    /// What it must hold, for messages.
    pub(super) fn wants(self) -> &'static str {
        match self {
            Self::Aliases => "a list of texts, `[\"a@acme.example\"]`",
            Self::Password => "a table, `{ env = \"NAME\" }`",
            Self::Address
            | Self::FirstName
            | Self::LastName
            | Self::Kind
            | Self::Status
            | Self::Group
            | Self::PreviousAddress
            | Self::PasswordEnv
            | Self::PasswordFile
            | Self::PasswordRotate
            | Self::Skip => "a text in quotes",
        }
    }
    /// The key as written.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Aliases => "aliases",
            Self::Kind => "kind",
            Self::Status => "status",
            Self::Group => "group",
            Self::PreviousAddress => "previous_address",
            Self::Password => "password",
            Self::PasswordEnv => "password.env",
            Self::PasswordFile => "password.file",
            Self::PasswordRotate => "password.rotate",
            Self::Skip => "",
        }
    }
}

/// A key that means the same elsewhere: exports, other programs, the CSV form.
pub(super) fn other_name(key: &str) -> Option<&'static str> {
    Some(match key.to_ascii_lowercase().replace(['-', ' '], "_").as_str() {
        "first" | "firstname" | "given_name" | "givenname" => "first_name",
        "last" | "lastname" | "surname" | "family_name" | "sn" => "last_name",
        "mail" | "email" | "e_mail" | "primary_address" | "user" => "address",
        "alias" | "proxy_addresses" | "proxyaddresses" => "aliases",
        "type" => "kind",
        "state" | "enabled" => "status",
        "groups" => "group",
        "old_address" | "previous" | "renamed_from" => "previous_address",
        _ => return None,
    })
}
