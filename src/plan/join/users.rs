//! A live user in hand: equal, left alone, or kept in full.

use crate::base::DomainName;
use crate::base::address::domain_part;
use crate::model::observed::RowId;
use crate::model::{Authority, Field, FieldMask, Kept, LiveUser, Origin, Scope, Tally};
use crate::plan::join::collect::Join;
use crate::plan::join::print::live_print;

/// The domain whose users come.
#[derive(Debug)]
pub(super) struct Here {
    domain: DomainName,
    /// Whether its undeclared users are candidates for deletion (S3.1).
    whole_list: bool,
    tally: Tally,
}

impl Join<'_> {
    /// Takes one live user.
    pub(super) fn user(&mut self, scope: &Scope, live: LiveUser<'_>) {
        let mut here = self.enter(domain_part(&live.address));
        let row = self.desired.users.find(&live.address).filter(|u| !u.alias).map(|u| u.row);
        let is_new = match row {
            Some(row) => self.rows.set(row),
            None => self.undeclared_users.insert(self.hash(&live.address)),
        };
        self.count(scope, &live.address, is_new);
        match row {
            _ if !is_new => {}
            Some(row) => self.declared(row, &mut here, live),
            None => self.not_declared(&mut here, live),
        }
        self.here = Some(here);
    }

    /// The domain of an address in hand; users of one domain come together, so it is mostly the one before.
    fn enter(&mut self, name: &str) -> Here {
        match self.here.take() {
            Some(here) if here.domain.as_str() == name => here,
            before => {
                self.leave(before);
                let domain = DomainName::canonical(name);
                let whole_list = self.desired.heads.users_authority(&domain) == Authority::AddDeleteOld;
                Here { tally: self.tally.remove(&domain).unwrap_or_default(), domain, whole_list }
            }
        }
    }
    /// Puts the domain in hand back.
    pub(super) fn leave(&mut self, here: Option<Here>) {
        if let Some(Here { domain, tally, .. }) = here {
            self.tally.insert(domain, tally);
        }
    }

    fn declared(&mut self, row: RowId, here: &mut Here, live: LiveUser<'_>) {
        let table = &self.desired.users;
        let mask = table.mask(row).and(self.comparable);
        let equal = live_print(&self.words, table.key(), mask, &live) == table.print(row);
        // equal aliases are the row's own; they cannot be another row's
        let claims = if equal && mask.has(Field::UserAliases) { Vec::new() } else { self.claims(&live, Some(row)) };
        let silent = here.whole_list && has_value_outside(mask, self.comparable, &live);
        let owned = matches!(live.origin, Origin::Directory | Origin::Office365);
        tally(&mut here.tally, &live);
        here.tally.equal += u64::from(equal);
        here.tally.silent += u64::from(silent);
        if !(equal && mask.has(Field::UserAliases)) {
            self.remember_names(&live);
        }
        // a password is no part of the print: its token is judged with the row in hand (S10.2)
        let secret = mask.has(Field::UserPassword);
        if !equal || secret || owned || !claims.is_empty() || self.is_watched(&live) {
            self.kept.push(Kept { row: Some(row), live: live.into_owned(), claims });
        }
    }

    fn not_declared(&mut self, here: &mut Here, live: LiveUser<'_>) {
        let claims = self.claims(&live, None);
        let own = is_own(live.origin);
        tally(&mut here.tally, &live);
        here.tally.undeclared += 1;
        here.tally.undeclared_own += u64::from(own);
        self.remember_names(&live);
        self.undeclared.insert(live.address.clone().into_owned());
        if self.undeclared.len() > self.keep_undeclared {
            self.undeclared.pop_last();
        }
        let deletable = match live.origin {
            Origin::Manual | Origin::Import | Origin::Smtp | Origin::Discovery | Origin::Unknown => here.whole_list,
            Origin::Directory | Origin::Office365 => false,
        };
        if deletable || !claims.is_empty() || self.is_watched(&live) {
            self.kept.push(Kept { row: None, live: live.into_owned(), claims });
        }
    }

    /// Declared rows other than `own` that want a name which this live user holds (S4.5).
    fn claims(&self, live: &LiveUser<'_>, own: Option<RowId>) -> Vec<(String, RowId)> {
        let names = live.aliases.iter().map(AsRef::as_ref).chain(own.is_none().then_some(live.address.as_ref()));
        let claimed = names.filter_map(|name| {
            let user = self.desired.users.find(name)?;
            (Some(user.row) != own).then(|| (name.to_owned(), user.row))
        });
        let mut claims: Vec<(String, RowId)> = claimed.collect();
        claims.sort();
        claims
    }

    /// Whether a tombstone or a rename speaks of one of its names.
    fn is_watched(&self, live: &LiveUser<'_>) -> bool {
        let watched = |name: &str| self.watched.contains(name);
        !self.watched.is_empty() && (watched(&live.address) || live.aliases.iter().any(|a| watched(a)))
    }

    /// Remembers live names that may be declared nowhere, so that the forecast does not call them unknown.
    fn remember_names(&mut self, live: &LiveUser<'_>) {
        for alias in &live.aliases {
            let hash = self.hash(alias);
            self.undeclared_names.insert(hash);
        }
    }

    pub(super) fn hash(&self, name: &str) -> u64 {
        self.desired.users.key().name(name.as_bytes())
    }
}

/// Counts one more live user of a domain.
fn tally(tally: &mut Tally, live: &LiveUser<'_>) {
    tally.live += 1;
    tally.billable += u64::from(live.billable);
    tally.unready += u64::from(live.has_person() && !live.is_ready());
    tally.addresses += 1 + live.aliases.len() as u64;
    match live.origin {
        Origin::Manual | Origin::Import | Origin::Smtp | Origin::Discovery => tally.own += 1,
        Origin::Directory | Origin::Office365 => tally.directory += 1,
        Origin::Unknown => tally.unknown_origin += 1,
    }
}

/// Whether the origin belongs to the whole list without further proof (S3.3).
fn is_own(origin: Origin) -> bool {
    match origin {
        Origin::Manual | Origin::Import | Origin::Smtp | Origin::Discovery => true,
        Origin::Directory | Origin::Office365 | Origin::Unknown => false,
    }
}

/// Whether the live user has a text or aliases in a readable field that its row leaves unwritten (S2.2).
fn has_value_outside(mask: FieldMask, comparable: FieldMask, live: &LiveUser<'_>) -> bool {
    let silent = |field: Field| comparable.has(field) && !mask.has(field);
    (silent(Field::UserFirstName) && !live.first_name.is_empty())
        || (silent(Field::UserLastName) && !live.last_name.is_empty())
        || (silent(Field::UserAliases) && !live.aliases.is_empty())
        || (silent(Field::UserGroup) && !live.group.is_empty())
}
