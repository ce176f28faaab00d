//! A tenant's file. A tenant may have several in a folder; their tables add up.

use super::{DomainTable, PasswordTable, ProviderChoice, RemovedTable, RenamedTable, SendingDomainTable, SmtpUserTable, UserTable};
use crate::base::{DomainName, TenantName};
use crate::config::reading::part::raw_table;
use crate::config::value::list::Tables;
use crate::config::value::{At, Destination, FilePath, Int, Label, Map, Marker, OneOrMany};
use crate::model::user::{UserKind, UserStatus};
use crate::model::{Authority, RelayCheck};

raw_table! {
    /// What a customer's mail filtering and relay shall be. What is not written is not managed.
    TenantFile {
        /// The version of the format: "mailwright/v1".
        schema: Marker = required,
        /// The customer.
        tenant: TenantTable,
        /// What counts as written in every object of this tenant.
        defaults: DefaultsTable,
        /// Rules for the passwords of users.
        password_policy: PasswordPolicyTable,
        /// Inbound mail domains, by name in quotes: [domains."acme.example"].
        domains: Map<DomainName, DomainTable>,
        /// Users, one table each.
        users: CutUsers,
        /// Outbound domains, by name in quotes: [sending_domains."news.acme.example"].
        sending_domains: Map<DomainName, SendingDomainTable>,
        /// Logins for outbound relay, by a name of your own.
        smtp_users: Map<Label, SmtpUserTable>,
        /// What shall be removed from the panel.
        removed: Tables<RemovedTable>,
        /// Users whose address changes.
        renamed: Tables<RenamedTable>,
    }
}

raw_table! {
    /// The customer: its name, its panel, its binding.
    TenantTable {
        /// The name; the file or folder has the same.
        name: At<TenantName> = required,
        /// The provider in mailwright.toml: one name, or { inbound = "...", outbound = "..." }.
        provider: ProviderChoice = required,
        /// The panel's customer, where the name alone does not find it.
        remote: RemoteTable,
        /// Whether the customer may be created on the panel.
        create: At<bool>,
        /// Who decides over the lists of users and aliases: observe, add (the default) or add-delete-old.
        authority: At<Authority>,
        /// CSV files of users, relative to this file; each row goes to the domain of its address.
        users_from: OneOrMany<FilePath>,
    }
}

raw_table! {
    /// The panel's own id of the customer.
    RemoteTable {
        /// The id; written by import.
        id: At<String> = required,
    }
}

raw_table! {
    /// What counts as written in every object that it reaches.
    DefaultsTable {
        /// Authority over users and aliases.
        authority: At<Authority>,
        /// Relay check of domains.
        relay_check: At<RelayCheck>,
        /// Where mail of domains is delivered: host:port, or a list in order of priority.
        destination: OneOrMany<Destination>,
        /// Kind of users.
        kind: At<UserKind>,
        /// Status of users.
        status: At<UserStatus>,
        /// Rules for the passwords of users.
        password_policy: PasswordPolicyTable,
    }
}

raw_table! {
    /// Rules for the passwords of users.
    PasswordPolicyTable {
        /// Least number of characters.
        min_length: At<Int<1, 128>>,
        /// Whether an upper-case letter is required.
        upper: At<bool>,
        /// Whether a lower-case letter is required.
        lower: At<bool>,
        /// Whether a digit is required.
        digit: At<bool>,
        /// Whether a special character is required.
        special: At<bool>,
        /// Number of characters of the passwords that the panel makes up itself.
        generated_length: At<Int<1, 128>>,
        /// Whether the passwords that the panel makes up itself have special characters.
        generated_special: At<bool>,
    }
}

/// `users` outside `[[users]]` tables. The row decoders have cut those out, so whatever is left under this key is written
/// in another form and refused. In the schema it is the list of users.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct CutUsers(pub Tables<UserTable>);

impl crate::config::reading::Part for CutUsers {
    fn read(value: &toml::Spanned<toml::de::DeValue<'_>>, cx: &mut crate::config::reading::Reading<'_>) -> Option<Self> {
        let span = cx.span(value.span());
        let finding = crate::config::rules::USERS_FORM.finding("users are written as `[[users]]` tables").at(span, "another form");
        let header = cx.head.text.get(value.span()) == Some("[users]");
        let fix = "write `[[users]]` before each user";
        cx.push(if header { finding.replace(fix, span, "[[users]]") } else { finding.fix(fix) });
        None
    }
    fn span(&self) -> crate::base::Span {
        crate::config::reading::Part::span(&self.0)
    }
}

/// The tables of a tenant file with their keys: an unknown key may belong to another of them.
pub const KNOWN: &[(&str, &[&str])] = {
    use super::{ContinuityTable, DirectoryTable, DiscoveryTable, DomainUsersTable};
    use crate::config::reading::Table;
    &[
        ("[tenant]", TenantTable::KEYS),
        ("[password_policy]", PasswordPolicyTable::KEYS),
        ("[domains.\"…\"]", DomainTable::KEYS),
        ("[domains.\"…\".users]", DomainUsersTable::KEYS),
        ("[domains.\"…\".directory]", DirectoryTable::KEYS),
        ("[domains.\"…\".discovery]", DiscoveryTable::KEYS),
        ("[domains.\"…\".continuity]", ContinuityTable::KEYS),
        ("[[users]]", UserTable::KEYS),
        ("a user's password = { … }", PasswordTable::KEYS),
        ("[smtp_users.…]", SmtpUserTable::KEYS),
        ("[[removed]]", RemovedTable::KEYS),
        ("[[renamed]]", RenamedTable::KEYS),
        ("the top of the file", TenantFile::KEYS),
    ]
};
