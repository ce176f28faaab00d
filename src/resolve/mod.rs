//! Floor 2, second room: from [`crate::config::Declared`] to [`Desired`]: defaults, authority, uniqueness, rules.
//!
//! Invariant: a [`Desired`] is made here and nowhere else, and what it holds is canonical and checked; later stages
//! cannot fail on it. Secrets stay references. Deliberately absent: panels, files, time.

mod conclude;
pub mod defaults;
pub mod desired;
pub mod full_row;
mod heads;
pub mod hits;
pub mod prints;
#[cfg(test)]
mod properties;
pub mod resolver;
mod row_text;
pub mod rules;
pub mod secrets;
mod take_row;
#[cfg(test)]
mod test_aid;
pub mod user_table;
mod zones;

pub use desired::{Desired, Heads};
pub use full_row::{add_up, row_user};
pub use heads::heads;
pub use hits::{KeyCollision, Suspicion};
pub use prints::{print_live, print_user};
pub use resolver::{List, Resolver};
pub use rules::RULES;
pub use secrets::AllowedSecrets;
pub use user_table::{NameUse, UserTable};
