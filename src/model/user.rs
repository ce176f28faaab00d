//! A user: a row of a tenant. Typed and owned here while in hand; tables keep only prints of it.

use crate::base::{Address, SecretRef};
use crate::model::field::{Field, FieldMask};
use crate::model::value::Value;
use std::collections::BTreeSet;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant,)* }
        impl $name {
            /// All variants.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// All words, for messages.
            pub const WORDS: &'static [&'static str] = &[$($word,)*];
            /// The word in files and output.
            #[must_use]
            pub const fn word(self) -> &'static str { match self { $($name::$variant => $word,)* } }
            /// Reads a word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> { Self::ALL.iter().copied().find(|v| v.word() == word) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.word()) }
        }
    };
}
pub(crate) use words;

words!(
    /// What a user is. Only a mailbox is billable.
    UserKind {
        /// A person's mailbox; the default.
        Mailbox = "mailbox",
        /// A mailbox that several people use.
        Shared = "shared",
        /// A room or a thing.
        Resource = "resource",
        /// A distribution list.
        List = "list",
        /// Only hands mail on.
        Forward = "forward",
    }
);

words!(
    /// Whether a user may sign in; mail flows anyway.
    UserStatus {
        /// May sign in; the default.
        Active = "active",
        /// May not sign in.
        Inactive = "inactive",
    }
);

words!(
    /// Where a live user came from; decides who owns it (S3.3).
    Origin {
        /// Entered by a person or by us.
        Manual = "manual",
        /// Imported from a list.
        Import = "import",
        /// Created by the panel after clean mail.
        Smtp = "smtp",
        /// Synchronised from a directory.
        Directory = "directory",
        /// Synchronised from Office 365.
        Office365 = "office365",
        /// Found by address discovery.
        Discovery = "discovery",
        /// The panel does not tell.
        Unknown = "unknown",
    }
);

/// Where a password comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordFrom {
    /// A reference to a secret.
    Secret(SecretRef),
    /// The user chooses one; the panel sends a request-password mail.
    Invite,
}

/// The token of a password without a `rotate` text.
pub const INITIAL: &str = "initial";
/// The token of a password that the user is asked to choose.
pub const INVITE: &str = "invite";

/// A password as declared: where it comes from and the token by which it is compared (S10.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Password {
    /// Where the password is.
    pub from: PasswordFrom,
    /// The `rotate` text; `None` means set on create only.
    pub rotate: Option<String>,
}

impl Password {
    /// Its token: the `rotate` text, or [`INITIAL`], or [`INVITE`]. Never computed from the value.
    #[must_use]
    pub fn token(&self) -> &str {
        match &self.from {
            PasswordFrom::Secret(_) => self.rotate.as_deref().unwrap_or(INITIAL),
            PasswordFrom::Invite => INVITE,
        }
    }
    /// The reference, where it is one.
    #[must_use]
    pub fn secret(&self) -> Option<&SecretRef> {
        match &self.from {
            PasswordFrom::Secret(reference) => Some(reference),
            PasswordFrom::Invite => None,
        }
    }
}

/// A user with what is declared of it; `None` is *not managed* (S2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Canonical address: the key.
    pub address: Address,
    /// Given name; `""` clears.
    pub first_name: Option<String>,
    /// Family name; `""` clears.
    pub last_name: Option<String>,
    /// Aliases; the empty set clears under `add-delete-old` only (S2.2).
    pub aliases: Option<BTreeSet<Address>>,
    /// What it is.
    pub kind: Option<UserKind>,
    /// Whether it may sign in.
    pub status: Option<UserStatus>,
    /// Its password.
    pub password: Option<Password>,
    /// A group of the panel.
    pub group: Option<String>,
    /// The address that it had before: a declared rename (S4.4).
    pub previous_address: Option<Address>,
}

impl User {
    /// A user with nothing declared but its address.
    #[must_use]
    pub fn bare(address: Address) -> Self {
        Self {
            address,
            first_name: None,
            last_name: None,
            aliases: None,
            kind: None,
            status: None,
            password: None,
            group: None,
            previous_address: None,
        }
    }

    /// Calls `each` with every declared attribute in the order of [`Field`]. A password shows as its token.
    pub fn visit(&self, each: &mut dyn FnMut(Field, Value)) {
        if let Some(v) = &self.first_name {
            each(Field::UserFirstName, Value::text(v));
        }
        if let Some(v) = &self.last_name {
            each(Field::UserLastName, Value::text(v));
        }
        if let Some(v) = &self.aliases {
            each(Field::UserAliases, Value::Set(v.iter().map(ToString::to_string).collect()));
        }
        if let Some(v) = self.kind {
            each(Field::UserKind, Value::text(v.word()));
        }
        if let Some(v) = self.status {
            each(Field::UserStatus, Value::text(v.word()));
        }
        if let Some(v) = &self.password {
            each(Field::UserPassword, Value::Token(v.token().to_owned()));
        }
        if let Some(v) = &self.group {
            each(Field::UserGroup, Value::text(v));
        }
    }

    /// Which attributes are declared.
    #[must_use]
    pub fn mask(&self) -> FieldMask {
        let mut mask = FieldMask::NONE;
        self.visit(&mut |field, _| mask = mask.with(field));
        mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_visitor_shows_what_is_declared_only() {
        let mut user = User::bare(Address::parse("a@x.example").unwrap());
        assert_eq!(user.mask(), FieldMask::NONE);
        user.status = Some(UserStatus::Active);
        user.password = Some(Password { from: PasswordFrom::Secret(SecretRef::Env("P".into())), rotate: None });
        let mut seen = Vec::new();
        user.visit(&mut |f, v| seen.push((f, v)));
        assert_eq!(seen, [(Field::UserStatus, Value::text("active")), (Field::UserPassword, Value::Token("initial".into()))]);
    }
}
