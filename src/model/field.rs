//! Every attribute, named once: kind, name, whether it is secret. The pivot of the house.

use crate::model::key::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $kind:ident . $name:literal $(, $secret:ident)?;)*) => {
        /// An attribute of a kind of object. Serialises as `domain.relay_check`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Field { $($(#[$doc])* $variant,)* }

        impl Field {
            /// All fields, by kind, in the order in which plans show them.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];
            /// The kind that has it.
            #[must_use]
            pub const fn kind(self) -> Kind { match self { $(Field::$variant => Kind::$kind,)* } }
            /// The key in TOML, JSON and output.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Field::$variant => $name,)* } }
            /// Whether it is a secret: write-only, compared by token (S10.2), never printed.
            #[must_use]
            pub const fn is_secret(self) -> bool { match self { $(Field::$variant => fields!(@secret $($secret)?),)* } }
        }
    };
    (@secret) => { false };
    (@secret secret) => { true };
}

fields! {
    /// Least number of characters of a password.
    PolicyMinLength = PasswordPolicy."min_length";
    /// Whether an upper-case letter is required.
    PolicyUpper = PasswordPolicy."upper";
    /// Whether a lower-case letter is required.
    PolicyLower = PasswordPolicy."lower";
    /// Whether a digit is required.
    PolicyDigit = PasswordPolicy."digit";
    /// Whether a special character is required.
    PolicySpecial = PasswordPolicy."special";
    /// Number of characters of the passwords that the panel makes up itself.
    PolicyGeneratedLength = PasswordPolicy."generated_length";
    /// Whether the passwords that the panel makes up itself have special characters.
    PolicyGeneratedSpecial = PasswordPolicy."generated_special";
    /// Where mail goes: `host:port`, in order of priority.
    DomainDestination = Domain."destination";
    /// How the filter knows which recipients exist.
    DomainRelayCheck = Domain."relay_check";
    /// Domains whose addresses are those of this domain.
    DomainAliasDomains = Domain."alias_domains";
    /// Whether the directory is used.
    DirectoryEnabled = Directory."enabled";
    /// What kind of directory: `ldap` or `entra`.
    DirectorySource = Directory."source";
    /// Host name or address of the directory server.
    DirectoryHost = Directory."host";
    /// TCP port of the directory server.
    DirectoryPort = Directory."port";
    /// `none`, `starttls` or `ldaps`.
    DirectoryTls = Directory."tls";
    /// Distinguished name to bind as.
    DirectoryBindDn = Directory."bind_dn";
    /// Password to bind with.
    DirectoryBindPassword = Directory."bind_password", secret;
    /// Where the search starts.
    DirectorySearchBase = Directory."search_base";
    /// Which entries are users (RFC 4515).
    DirectoryFilter = Directory."filter";
    /// Fewest users that a synchronisation must find.
    DirectoryMinUsers = Directory."min_users";
    /// How often it is read: `60-minutes`, `3-hours` or `3-a-day`.
    DirectorySchedule = Directory."schedule";
    /// Whether new recipients become users by themselves.
    DiscoveryEnabled = Discovery."enabled";
    /// The day on which discovery ends.
    DiscoveryUntil = Discovery."until";
    /// Whether mail is taken over when the destination fails.
    ContinuityEnabled = Continuity."enabled";
    /// Whether outgoing mail goes by the customer's own server during a failure.
    ContinuityOutgoing = Continuity."outgoing_via_own_server";
    /// The term that was bought: months and first day.
    ContinuityTerm = Continuity."term";
    /// Given name.
    UserFirstName = User."first_name";
    /// Family name.
    UserLastName = User."last_name";
    /// Other addresses of the user.
    UserAliases = User."aliases";
    /// `mailbox shared resource list forward`.
    UserKind = User."kind";
    /// May sign in or not; mail flows anyway.
    UserStatus = User."status";
    /// Password; write-only.
    UserPassword = User."password", secret;
    /// A group of the panel.
    UserGroup = User."group";
    /// The sending domain that the login may use.
    SmtpUserDomain = SmtpUser."domain";
    /// A label that the panel keeps for people.
    SmtpUserLabel = SmtpUser."label";
    /// The user name that the panel minted.
    SmtpUserUsername = SmtpUser."username";
    /// The minted password; write-only, known by its token.
    SmtpUserPassword = SmtpUser."password", secret;
}

impl Field {
    /// The fields of one kind.
    pub fn of(kind: Kind) -> impl Iterator<Item = Field> {
        Self::ALL.iter().copied().filter(move |f| f.kind() == kind)
    }
    /// The tag of this field in row prints.
    #[must_use]
    pub const fn tag(self) -> u8 {
        self as u8
    }
    /// Reads `kind.name`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, name) = text.split_once('.')?;
        Self::ALL.iter().copied().find(|f| f.kind().word() == kind && f.name() == name)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind(), self.name())
    }
}
impl Serialize for Field {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("unknown field `{text}`")))
    }
}
impl JsonSchema for Field {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Field".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<String> = Field::ALL.iter().map(ToString::to_string).collect();
        schemars::json_schema!({ "type": "string", "enum": names })
    }
}

/// A set of the fields of a user row, in one byte: what is declared, or what can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct FieldMask(pub u8);

/// The fields of a user row in the order of their mask bits.
pub const ROW_FIELDS: [Field; 7] = [
    Field::UserFirstName,
    Field::UserLastName,
    Field::UserAliases,
    Field::UserKind,
    Field::UserStatus,
    Field::UserPassword,
    Field::UserGroup,
];

impl FieldMask {
    /// No field.
    pub const NONE: FieldMask = FieldMask(0);
    /// The mask of one user field; none for other kinds.
    #[must_use]
    pub fn of(field: Field) -> Self {
        ROW_FIELDS.iter().position(|f| *f == field).map_or(Self::NONE, |bit| Self(1 << bit))
    }
    /// Whether the field is in it.
    #[must_use]
    pub fn has(self, field: Field) -> bool {
        let one = Self::of(field).0;
        one != 0 && self.0 & one == one
    }
    /// Both together.
    #[must_use]
    pub fn with(self, field: Field) -> Self {
        Self(self.0 | Self::of(field).0)
    }
    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// The fields in it.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        ROW_FIELDS.into_iter().filter(move |f| self.has(*f))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_unique_texts() {
        for f in Field::ALL {
            assert_eq!(Field::parse(&f.to_string()), Some(*f));
        }
        assert!(Field::UserPassword.is_secret() && !Field::UserKind.is_secret());
    }

    #[test]
    fn every_user_field_has_a_mask_bit() {
        for f in Field::of(Kind::User) {
            assert!(FieldMask::NONE.with(f).has(f), "{f}");
        }
        assert!(!FieldMask(0xff).has(Field::DomainRelayCheck));
    }
}
