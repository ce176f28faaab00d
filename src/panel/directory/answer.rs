//! What a directory answered, as far as a domain is concerned.

use std::collections::BTreeSet;

/// Who is in an answer, and what was left out of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Users of the domain, by address; no address twice.
    pub(crate) people: Vec<Person>,
    /// Entries with a mail address of another domain.
    pub(crate) elsewhere: u64,
    /// Entries without a mail address, or with one that is none.
    pub(crate) unusable: u64,
    /// Entries whose address another entry has, too.
    pub(crate) doubled: u64,
    /// Aliases in no domain of the tenant.
    pub(crate) foreign_aliases: u64,
}

/// A user as the directory has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// The directory's own immutable id in hex; the address where it has none.
    pub(crate) guid: String,
    pub(crate) address: String,
    pub(crate) aliases: BTreeSet<String>,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) is_active: bool,
    /// A group, which is a list.
    pub(crate) is_group: bool,
}

impl Answer {
    /// How many users it holds.
    pub(crate) fn count(&self) -> u64 {
        self.people.len() as u64
    }
    /// What it leaves out, in words; nothing is left out in silence.
    pub(crate) fn left_out(&self) -> Vec<String> {
        let say = |n: u64, what: &str| (n > 0).then(|| format!("{n} {what}"));
        [
            say(self.elsewhere, "entries of other domains"),
            say(self.unusable, "entries without a usable mail address"),
            say(self.doubled, "entries with the address of another entry"),
            say(self.foreign_aliases, "aliases in no domain of this tenant"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
