//! Observing one tenant: which listings are read, how they are proven complete (S1.3), and the way of their pages
//! through the join. Pages are fetched ahead and side by side; they may arrive in any order.

mod directories;
mod growth;
mod listing;
mod scopes;
mod tenant;

pub(super) use listing::{Told, What, pump};
pub(super) use scopes::needs_outbound;
pub use tenant::{Watch, comparable, observe};
