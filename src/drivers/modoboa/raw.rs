//! Modoboa's JSON as it is: the keys that this driver reads, and no other.
//!
//! Source: the answers of Modoboa 2.12.0, which differ from its published schema. Integers come back as texts in places, a
//! created object has fewer keys than a listed one. Deliberately absent: what any of it means.

use serde::{Deserialize, Deserializer, Serialize};

/// A page of `/domains/`, `/accounts/` or `/aliases/`. The other lists are bare arrays without pages.
#[derive(Debug, Deserialize)]
pub(super) struct Listing<T> {
    /// Objects of the whole listing.
    pub(super) count: u64,
    /// URL of the next page; only whether there is one is believed.
    pub(super) next: Option<String>,
    pub(super) results: Vec<T>,
}

/// A domain: `domain` hosts mailboxes, `relaydomain` passes mail on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Domain {
    pub(super) pk: u64,
    /// As somebody typed it: Modoboa keeps Unicode and upper case.
    pub(super) name: String,
    pub(super) enabled: bool,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) transport: Option<Transport>,
    pub(super) domainalias_count: u64,
    pub(super) creation: Option<String>,
}

/// Where a relay domain's mail goes. Whoever writes `settings` writes them whole: a key that is left out is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Transport {
    pub(super) service: String,
    pub(super) settings: serde_json::Map<String, serde_json::Value>,
}

/// Another name of a whole domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DomainAlias {
    pub(super) pk: u64,
    pub(super) name: String,
    /// The `pk` of its domain.
    pub(super) target: u64,
    pub(super) enabled: bool,
}

/// An account. `aliases` are all aliases that lead to its mailbox, those of several recipients and those that are off too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) pk: u64,
    pub(super) username: String,
    #[serde(default)]
    pub(super) first_name: String,
    #[serde(default)]
    pub(super) last_name: String,
    pub(super) is_active: bool,
    pub(super) role: String,
    pub(super) mailbox: Option<Mailbox>,
    #[serde(default, deserialize_with = "null_as_empty")]
    pub(super) aliases: Vec<String>,
    pub(super) date_joined: Option<String>,
}

/// The mailbox of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mailbox {
    /// Not in the answer to a write.
    #[serde(default)]
    pub(super) full_address: Option<String>,
}

/// An alias. `@domain` takes everything that nobody else takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Alias {
    pub(super) pk: u64,
    pub(super) address: String,
    pub(super) enabled: bool,
    pub(super) recipients: Vec<String>,
    pub(super) expire_at: Option<String>,
}

/// `GET /parameters/global/core/`. Passwords are among them, so this is neither kept nor shown.
#[derive(Deserialize)]
pub(super) struct Parameters {
    pub(super) params: CoreParameters,
}

/// All parameters of the core: whoever writes them writes them whole.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(super) struct CoreParameters(pub(super) serde_json::Map<String, serde_json::Value>);

/// The parameters of passwords that Modoboa makes up.
const GENERATED: [&str; 2] = ["random_password_length", "allow_special_characters"];

/// What those parameters say: the password policy, as far as Modoboa has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GeneratedPasswords {
    /// Characters.
    pub(super) length: u32,
    /// Whether special ones are among them.
    pub(super) special: bool,
}

/// A page of domains in our own words: the domains and what leads to them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DomainPage {
    pub(super) domains: Vec<Domain>,
    pub(super) aliases: Vec<DomainAlias>,
}

/// A page of what receives mail in one domain, in our own words.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct UserPage {
    pub(super) accounts: Vec<Account>,
    /// Aliases that stand in the accounts.
    pub(super) aliases: Vec<Alias>,
    /// Aliases of the domain that are no account's own.
    pub(super) others: Vec<Alias>,
    /// Whether accounts are made by administrators only; elsewhere nobody can tell where one came from.
    pub(super) only_local: bool,
    /// When it was read, for aliases that expire.
    pub(super) at: String,
}

fn null_as_empty<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(d)?.unwrap_or_default())
}

impl CoreParameters {
    /// Whether only administrators make accounts, and passwords are checked here.
    pub(super) fn only_local(&self) -> bool {
        self.0.get("authentication_type").and_then(serde_json::Value::as_str) == Some("local")
    }
    /// The passwords that Modoboa makes up; `None`: it does not say.
    pub(super) fn generated(&self) -> Option<GeneratedPasswords> {
        let [length, special] = GENERATED.map(|name| self.0.get(name));
        let length = match length? {
            serde_json::Value::Number(n) => n.as_u64().and_then(|n| u32::try_from(n).ok()),
            serde_json::Value::String(text) => text.parse().ok(),
            _ => None,
        };
        Some(GeneratedPasswords { length: length?, special: special?.as_bool()? })
    }
    /// All as they are but for those.
    pub(super) fn with_generated(&self, wanted: GeneratedPasswords) -> Self {
        let mut all = self.0.clone();
        let [length, special] = GENERATED;
        all.insert(length.into(), wanted.length.into());
        all.insert(special.into(), wanted.special.into());
        Self(all)
    }
    /// The names of what differs, those apart.
    pub(super) fn others_that_differ<'a>(&'a self, now: &'a Self) -> Vec<&'a str> {
        let names: std::collections::BTreeSet<&str> = self.0.keys().chain(now.0.keys()).map(String::as_str).collect();
        names.into_iter().filter(|name| !GENERATED.contains(name) && self.0.get(*name) != now.0.get(*name)).collect()
    }
}

impl Transport {
    /// The host and the port, which Modoboa takes as a number only and shows as it was given.
    pub(super) fn host_and_port(&self) -> Option<(&str, u16)> {
        let host = self.settings.get("relay_target_host")?.as_str()?;
        let port = match self.settings.get("relay_target_port")? {
            serde_json::Value::Number(n) => n.as_u64().and_then(|n| u16::try_from(n).ok())?,
            serde_json::Value::String(text) => text.parse().ok()?,
            _ => return None,
        };
        Some((host, port))
    }
    /// Whether recipients are asked for at the destination; a key that is not there is off.
    pub(super) fn verifies(&self) -> bool {
        self.settings.get("relay_verify_recipients").and_then(serde_json::Value::as_bool).unwrap_or(false)
    }
}

/// A line of `/logs/audit-trail/`: who did what, and when, to the minute and in the language of the reader.
#[derive(Debug, Deserialize)]
pub(super) struct LogLine {
    pub(super) date_created: String,
    pub(super) message: String,
}
