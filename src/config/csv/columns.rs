//! The columns by name.

use crate::config::rows::Column;

/// All names, in the order in which they are told.
pub(super) const NAMES: [&str; 10] =
    ["address", "first_name", "last_name", "aliases", "kind", "status", "previous_address", "password_env", "rotate", "group"];

impl Column {
    /// The column of a name in a header.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "address" => Self::Address,
            "first_name" => Self::FirstName,
            "last_name" => Self::LastName,
            "aliases" => Self::Aliases,
            "kind" => Self::Kind,
            "status" => Self::Status,
            "previous_address" => Self::PreviousAddress,
            "password_env" => Self::PasswordEnv,
            "rotate" => Self::Rotate,
            "group" => Self::Group,
            _ => return None,
        })
    }
    /// The name in the header; `?` for a refused one.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Aliases => "aliases",
            Self::Kind => "kind",
            Self::Status => "status",
            Self::PreviousAddress => "previous_address",
            Self::PasswordEnv => "password_env",
            Self::Rotate => "rotate",
            Self::Group => "group",
            Self::Refused => "?",
        }
    }
}

/// Names that exports and other programs use for our columns, in lower case with `_`.
pub(super) fn other_name(name: &str) -> Option<&'static str> {
    Some(match name.trim().to_ascii_lowercase().replace([' ', '-'], "_").as_str() {
        "mail"
        | "email"
        | "e_mail"
        | "emailaddress"
        | "email_address"
        | "primarysmtpaddress"
        | "windowsemailaddress"
        | "userprincipalname" => "address",
        "first" | "firstname" | "givenname" | "given_name" => "first_name",
        "last" | "lastname" | "surname" | "sn" | "family_name" => "last_name",
        "alias" | "emailaddresses" | "proxyaddresses" | "proxy_addresses" => "aliases",
        "type" | "recipienttype" | "recipienttypedetails" => "kind",
        "state" => "status",
        "previous" | "old_address" => "previous_address",
        "password" => "password_env",
        "groups" => "group",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_columns_agree() {
        for name in NAMES {
            assert_eq!(Column::parse(name).map(Column::name), Some(name));
        }
    }
}
