//! `[[removed]]` and `[[renamed]]`: what goes from the panel, and what changes its address.

use crate::base::{Address, DomainName, TenantName};
use crate::config::reading::part::raw_table;
use crate::config::value::{At, Day, FilePath, Int, Label};

raw_table! {
    /// Removes one object from the panel: name exactly one of user, smtp_user, sending_domain, domain, tenant, users_from.
    RemovedTable {
        /// The address of a user.
        user: At<Address>,
        /// The name of an SMTP user.
        smtp_user: At<Label>,
        /// The name of a sending domain.
        sending_domain: At<DomainName>,
        /// The name of a domain.
        domain: At<DomainName>,
        /// The name of this tenant.
        tenant: At<TenantName>,
        /// A CSV file with one column, address, relative to this file.
        users_from: At<FilePath>,
        /// The day of this decision; nothing created later is removed.
        since: At<Day> = required,
        /// Not before this day.
        on: At<Day>,
        /// Days between the proven block of an SMTP user and its deletion; 30 where it is not written.
        remove_after: At<Int<0, 3650>>,
        /// Why.
        reason: At<String>,
        /// The user name that the panel minted for the SMTP user.
        username: At<String>,
        /// The panel's own id of the object.
        incarnation: At<String>,
        /// The user who takes over the addresses.
        keep_address: At<Address>,
    }
}

raw_table! {
    /// A user whose address changes and who stays the same user.
    RenamedTable {
        /// The address before.
        from: At<Address> = required,
        /// The address after; it is declared.
        to: At<Address> = required,
        /// Whether the old address stays as alias; true where it is not written.
        keep_old: At<bool>,
    }
}
