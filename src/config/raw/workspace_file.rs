//! `mailwright.toml`: providers, defaults, guards, memory, what is ignored, which secrets tenant files may use.

use super::DefaultsTable;
use crate::base::{ProviderName, TenantName};
use crate::config::reading::part::raw_table;
use crate::config::value::list::Tables;
use crate::config::value::{AllowedSecret, At, FilePath, IgnorePattern, Int, List, Map, Marker, ProviderUrl, SecretTable};

raw_table! {
    /// The workspace: connections to panels, and the policy that no tenant may loosen.
    WorkspaceFile {
        /// The version of the format: "mailwright/v1".
        schema: Marker = required,
        /// Secret references that tenant files may use: "env:PATTERN", "file:PATTERN" with * as wildcard. Not written: any.
        allowed_secrets: List<AllowedSecret>,
        /// Connections to panels, by name.
        providers: Map<ProviderName, ProviderTable>,
        /// What counts as written in every object of every tenant.
        defaults: DefaultsTable,
        /// Limits that no tenant may loosen.
        guards: GuardsTable,
        /// Where runs keep their journal and receipts.
        memory: MemoryTable,
        /// What plan and drift ignore on purpose.
        ignore: Tables<IgnoreTable>,
        /// Tenants whose files were taken away on purpose.
        released: Tables<ReleasedTable>,
    }
}

raw_table! {
    /// A connection to a panel.
    ProviderTable {
        /// The kind of panel: a driver of `mailwright drivers`.
        driver: At<String> = required,
        /// https://HOST/PATH, or embedded:PATH for the panel that runs in this process.
        url: At<ProviderUrl> = required,
        /// The panel's token; not needed when embedded.
        token: SecretTable,
        /// PEM file of the certificate authorities to trust, relative to this file.
        ca_file: At<FilePath>,
        /// Requests in flight at a time.
        in_flight: At<Int<1, 64>>,
        /// Requests in a minute that this installation allows to the token, where it is another number than usual; 0: no limit.
        requests_per_minute: At<Int<0, 1000000>>,
    }
}

raw_table! {
    /// Limits that no tenant may loosen.
    GuardsTable {
        /// Deletions that need no approval.
        delete_budget: DeleteBudgetTable,
        /// By how many percent a list of ten or more may shrink in a run.
        shrink_percent: At<Int<0, 100>>,
        /// An SMTP user that connected within so many days is not deleted.
        last_connection_days: At<Int<0, 3650>>,
        /// Days after which a step that waits for a person is an error.
        waiting_days: At<Int<0, 3650>>,
        /// Billable mailboxes that a plan may add without approval. Not written: any number.
        billable_growth: At<Int<0, 1000000000>>,
    }
}

raw_table! {
    /// Deletions within 24 hours that need no approval. The smaller of objects and percent counts, at least 2.
    DeleteBudgetTable {
        /// Per domain and tenant, in objects.
        objects: At<Int<0, 1000000>>,
        /// Per domain and tenant, in percent of the whole list.
        percent: At<Int<0, 100>>,
        /// Named deletions ([[removed]]) per tenant.
        named: At<Int<0, 1000000>>,
        /// All tenants of a run together.
        run: At<Int<0, 1000000>>,
    }
}

raw_table! {
    /// Where runs keep their journal and receipts.
    MemoryTable {
        /// A folder, relative to this file. Not written: .mailwright
        path: At<FilePath>,
    }
}

raw_table! {
    /// Objects that plan and drift ignore.
    IgnoreTable {
        /// KIND/NAME with * as wildcard, such as user/*@old.example
        pattern: At<IgnorePattern> = required,
        /// Why.
        reason: At<String> = required,
    }
}

raw_table! {
    /// A tenant that is no longer managed, on purpose: what the panel has of it stays.
    ReleasedTable {
        /// The tenant's name.
        tenant: At<TenantName> = required,
        /// Why.
        reason: At<String> = required,
    }
}

/// The tables of `mailwright.toml` with their keys: an unknown key may belong to another of them.
pub const KNOWN: &[(&str, &[&str])] = {
    use crate::config::reading::Table;
    &[
        ("the top of the file", WorkspaceFile::KEYS),
        ("[providers.…]", ProviderTable::KEYS),
        ("[guards]", GuardsTable::KEYS),
        ("[guards] delete_budget = { … }", DeleteBudgetTable::KEYS),
        ("[memory]", MemoryTable::KEYS),
        ("[[ignore]]", IgnoreTable::KEYS),
        ("[[released]]", ReleasedTable::KEYS),
        ("[defaults]", DefaultsTable::KEYS),
    ]
};
