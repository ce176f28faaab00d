//! What a rule says about itself, as text. Deliberately absent: the rules.

mod rule;

pub use rule::{rule, rules};
