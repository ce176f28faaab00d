//! Whose alias is it? Pure.
//!
//! Modoboa knows one kind of alias for everything: another address of a mailbox, a list, a forward to somewhere else, a
//! catch-all. An alias is a user's own where it is on, has not expired and leads to this one mailbox; what else receives mail
//! stands beside the users, as forward or list, so that no address is overlooked.

use crate::base::{Address, Timestamp};
use crate::drivers::modoboa::raw::{Account, Alias};
use std::collections::{BTreeMap, BTreeSet};

/// How the catch-all of a domain is shown: Modoboa's own `@domain` is no address.
pub(super) const CATCH_ALL: &str = "*";

/// The canonical address; of a catch-all with a star before the `@`. `None` where it is none.
pub(super) fn canonical(text: &str) -> Option<String> {
    let full = if text.starts_with('@') { format!("{CATCH_ALL}{text}") } else { text.to_owned() };
    Address::parse(&full).ok().map(|a| a.as_str().to_owned())
}

/// Whether mail to the alias is taken at this moment.
pub(super) fn takes_mail(alias: &Alias, at: Timestamp) -> bool {
    let over = alias.expire_at.as_deref().and_then(|t| t.parse::<Timestamp>().ok()).is_some_and(|t| t <= at);
    alias.enabled && !over && !alias.recipients.is_empty()
}

/// Whether the alias is this address's own: it leads there and nowhere else, and is no catch-all.
pub(super) fn is_own(alias: &Alias, address: &str) -> bool {
    let only = match alias.recipients.as_slice() {
        [only] => canonical(only).as_deref() == Some(address),
        _ => false,
    };
    only && !alias.address.starts_with('@') && canonical(&alias.address).as_deref() != Some(address)
}

/// The canonical address of an account: its mailbox's, or its name where an answer leaves the mailbox's out.
pub(super) fn address_of(account: &Account) -> Option<String> {
    let mailbox = account.mailbox.as_ref()?;
    canonical(mailbox.full_address.as_deref().unwrap_or(&account.username))
}

/// All aliases of an instance, by canonical address.
#[derive(Debug, Default)]
pub(super) struct Book {
    all: BTreeMap<String, Alias>,
}

impl Book {
    /// A book of these. `Err` names an alias that is no address, or listed twice.
    pub(super) fn of(aliases: Vec<Alias>) -> Result<Self, String> {
        let mut all = BTreeMap::new();
        for alias in aliases {
            let Some(name) = canonical(&alias.address) else { return Err(format!("`{}` is no address", alias.address)) };
            if let Some(other) = all.insert(name, alias) {
                return Err(format!("`{}` is listed twice", other.address));
            }
        }
        Ok(Self { all })
    }
    /// The aliases that accounts name. `Err` names one that is not here: the lists were read at different moments.
    pub(super) fn of_accounts(&self, accounts: &[Account]) -> Result<Vec<Alias>, String> {
        let names: BTreeSet<String> = accounts.iter().flat_map(|a| &a.aliases).filter_map(|a| canonical(a)).collect();
        names.into_iter().map(|name| self.all.get(&name).cloned().ok_or(name)).collect()
    }
    /// The aliases of a domain that are no account's own: `is_owned` says whether an address is a mailbox here, and so has
    /// its aliases beside it.
    pub(super) fn others(&self, domain: &str, at: Timestamp, is_owned: &dyn Fn(&str) -> bool) -> Vec<Alias> {
        let own = |alias: &Alias| match alias.recipients.as_slice() {
            [only] => canonical(only).is_some_and(|only| is_owned(&only) && is_own(alias, &only)),
            _ => false,
        };
        // an alias of a mailbox's own address says where its mail goes: that is shown with the mailbox
        let forwards = |name: &str| is_owned(name);
        let here = self.all.iter().filter(|(name, _)| name.rsplit_once('@').is_some_and(|(_, d)| d == domain));
        here.filter(|(name, alias)| takes_mail(alias, at) && !own(alias) && !forwards(name)).map(|(_, a)| a.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alias(address: &str, recipients: &[&str]) -> Alias {
        let recipients = recipients.iter().map(|r| (*r).to_owned()).collect();
        Alias { pk: 1, address: address.to_owned(), enabled: true, recipients, expire_at: None }
    }

    fn now() -> Timestamp {
        "2026-12-01T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn an_alias_is_own_where_it_leads_to_one_mailbox() {
        assert!(is_own(&alias("J@x.example", &["Jane@X.example"]), "jane@x.example"));
        assert!(!is_own(&alias("j@x.example", &["jane@x.example", "kim@x.example"]), "jane@x.example"));
        assert!(!is_own(&alias("@x.example", &["jane@x.example"]), "jane@x.example"));
        assert!(!is_own(&alias("jane@x.example", &["jane@x.example"]), "jane@x.example"));
    }

    #[test]
    fn what_is_off_or_over_takes_no_mail() {
        let on = alias("j@x.example", &["jane@x.example"]);
        assert!(takes_mail(&on, now()));
        assert!(!takes_mail(&Alias { enabled: false, ..on.clone() }, now()));
        assert!(!takes_mail(&Alias { expire_at: Some("2026-12-01T07:59:59Z".into()), ..on.clone() }, now()));
        assert!(takes_mail(&Alias { expire_at: Some("2026-12-01T08:00:01Z".into()), ..on }, now()));
    }

    #[test]
    fn lists_forwards_and_catch_alls_stand_beside_the_users() {
        let all = vec![
            alias("j@x.example", &["jane@x.example"]),
            alias("sales@x.example", &["jane@x.example", "kim@x.example"]),
            alias("out@x.example", &["somebody@elsewhere.example"]),
            alias("@x.example", &["jane@x.example"]),
            alias("jane@x.example", &["jane@x.example", "copy@elsewhere.example"]),
            alias("other@y.example", &["somebody@elsewhere.example"]),
        ];
        let book = Book::of(all).unwrap();
        let owned = |name: &str| matches!(name, "jane@x.example" | "kim@x.example");
        let others: Vec<String> = book.others("x.example", now(), &owned).into_iter().map(|a| a.address).collect();
        assert_eq!(others, ["@x.example", "out@x.example", "sales@x.example"]);
    }

    #[test]
    fn lists_of_different_moments_are_seen() {
        let book = Book::of(vec![alias("j@x.example", &["jane@x.example"])]).unwrap();
        let account = |aliases: &[&str]| Account {
            pk: 2,
            username: "jane@x.example".into(),
            first_name: String::new(),
            last_name: String::new(),
            is_active: true,
            role: "SimpleUsers".into(),
            mailbox: None,
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
            date_joined: None,
        };
        assert_eq!(book.of_accounts(&[account(&["j@x.example"])]).unwrap().len(), 1);
        assert_eq!(book.of_accounts(&[account(&["new@x.example"])]).unwrap_err(), "new@x.example");
        assert!(Book::of(vec![alias("j@x.example", &[]), alias("J@x.example", &[])]).is_err());
    }
}
