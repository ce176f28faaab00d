//! Queries of lists. An unknown parameter is refused: a mistyped filter must not list everything.

use crate::panel::stop::Stop;
use crate::panel::store::page::Want;
use serde::Deserialize;
use utoipa::IntoParams;

macro_rules! query {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident),* }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, IntoParams)]
        #[into_params(parameter_in = Query)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            /// Items of a page, 1..=1000; 100 where absent.
            #[param(minimum = 1, maximum = 1000, nullable = false)]
            limit: Option<u32>,
            /// `next_cursor` of the page before.
            #[param(nullable = false)]
            cursor: Option<String>,
            $($(#[$field_doc])* #[param(nullable = false)] pub(crate) $field: Option<String>,)*
        }

        impl $name {
            /// The page that is asked for, of the list with this name.
            pub(crate) fn want(&self, list: impl Into<String>) -> Result<Want, Stop> {
                Want::new(list.into(), self.limit, self.cursor.as_deref())
            }
        }
    };
}

query!(
    /// A list without filters.
    PageQuery {}
);
query!(
    /// Tenants and domains.
    NameQuery {
        /// Only the one with exactly this name.
        name
    }
);
query!(
    /// Users.
    AddressQuery {
        /// Only the one with exactly this canonical address.
        address
    }
);
query!(
    /// SMTP users.
    UsernameQuery {
        /// Only the one with exactly this user name.
        username
    }
);
query!(
    /// The sending history.
    HistoryQuery {
        /// Only entries of the sending domain of this name.
        sending_domain
    }
);
query!(
    /// The audit trail.
    AuditQuery {
        /// Only entries of the tenant with this id.
        tenant
    }
);
