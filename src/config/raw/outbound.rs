//! `[sending_domains."…"]` and `[smtp_users.…]`: outbound relay.

use crate::base::DomainName;
use crate::config::reading::part::raw_table;
use crate::config::value::{At, SinkTable};

raw_table! {
    /// An outbound domain; the panel mints its DNS records. It has no keys.
    SendingDomainTable {}
}

raw_table! {
    /// A login for outbound relay; the panel mints user name and password, shown once.
    SmtpUserTable {
        /// The sending domain that it may use.
        domain: At<DomainName>,
        /// A label that the panel keeps for people.
        label: At<String>,
        /// The user name that the panel minted; written by import.
        username: At<String>,
        /// Where the credential is kept when it is minted.
        credential: SinkTable,
    }
}
