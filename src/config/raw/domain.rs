//! `[domains."…"]` and what hangs below it.

use crate::base::DomainName;
use crate::config::reading::part::raw_table;
use crate::config::value::{At, Day, Destination, FilePath, Int, KeptSecretTable, Label, List, Map, OneOrMany};
use crate::model::directory::{Schedule, Source, Tls};
use crate::model::{Authority, RelayCheck};

raw_table! {
    /// An inbound mail domain.
    DomainTable {
        /// Where mail is delivered: host:port, or a list in order of priority. Port 25 where none is written.
        destination: OneOrMany<Destination>,
        /// How the filter knows which recipients exist: smtp, ldap or control-panel (the list of users).
        relay_check: At<RelayCheck>,
        /// Domains whose addresses are those of this domain.
        alias_domains: List<DomainName>,
        /// Who decides over users and aliases of this domain: observe, add or add-delete-old.
        authority: At<Authority>,
        /// The list of users of this domain.
        users: DomainUsersTable,
        /// The directory that this domain's users come from.
        directory: DirectoryTable,
        /// Several directories, by name.
        directories: Map<Label, DirectoryTable>,
        /// Whether new recipients become users by themselves, for a while.
        discovery: DiscoveryTable,
        /// Takes mail over when the destination is down.
        continuity: ContinuityTable,
    }
}

raw_table! {
    /// The list of users of a domain.
    DomainUsersTable {
        /// Who decides: observe, add or add-delete-old (the list is the whole list).
        authority: At<Authority>,
        /// CSV files of users, relative to this file.
        from: OneOrMany<FilePath>,
        /// Who decides over the aliases of declared users; as the users where it is not written.
        aliases_authority: At<Authority>,
    }
}

raw_table! {
    /// A directory that users are synchronised from.
    DirectoryTable {
        /// In use; false switches it off.
        enabled: At<bool>,
        /// ldap or entra.
        source: At<Source>,
        /// Host name of the directory server.
        host: At<String>,
        /// TCP port: 389, or 636 with tls = "ldaps".
        port: At<Int<1, 65535>>,
        /// none, starttls or ldaps.
        tls: At<Tls>,
        /// Distinguished name to bind as.
        bind_dn: At<String>,
        /// Password to bind with, by reference.
        bind_password: KeptSecretTable,
        /// Where the search starts.
        search_base: At<String>,
        /// Which entries are users (RFC 4515).
        filter: At<String>,
        /// Fewest users that a synchronisation must find.
        min_users: At<Int<0, 100000000>>,
        /// How often the panel reads it: 60-minutes, 3-hours or 3-a-day.
        schedule: At<Schedule>,
    }
}

raw_table! {
    /// New recipients become users by themselves, for a while.
    DiscoveryTable {
        /// On or off.
        enabled: At<bool>,
        /// The last day; at most 60 days ahead.
        until: At<Day>,
    }
}

raw_table! {
    /// Takes mail over when the destination is down.
    ContinuityTable {
        /// On or off.
        enabled: At<bool>,
        /// Whether outgoing mail goes by the customer's own server meanwhile.
        outgoing_via_own_server: At<bool>,
        /// The term that is bought: { months = 12, from = 2026-12-01 }.
        term: TermTable,
    }
}

raw_table! {
    /// A term that costs money.
    TermTable {
        /// Its length in months.
        months: At<Int<12, 120>> = required,
        /// Its first day.
        from: At<Day> = required,
    }
}
