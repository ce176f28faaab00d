//! What a bulk call does to each row, decided on plain data: which rows are taken, and what their users become.
//!
//! Rows are judged against the final outcome, so an alias may pass from one row's user to another's within one call. A
//! row that is not taken leaves its user as it was, and what that user keeps may keep other rows out in turn.
//! Deliberately absent: deletion of users that the list does not name; the store does that first, in SQL.

use crate::base::Address;
use crate::base::address::domain_part;
use crate::base::limits::USER_ALIASES;
use crate::panel::check::is_person_name;
use crate::wire::{BulkMode, BulkUser, IgnoreReason, Ignored, Origin, User};
use std::collections::{BTreeSet, HashMap};

/// Whether the panel itself owns users of this origin, so that a list may delete them (S3.3).
pub(crate) fn is_ours(origin: Origin) -> bool {
    match origin {
        Origin::Manual | Origin::Import | Origin::Smtp | Origin::Discovery => true,
        Origin::Directory | Origin::Office365 | Origin::Unknown => false,
    }
}

/// A row with canonical names.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) address: String,
    pub(crate) aliases: Option<BTreeSet<String>>,
    pub(crate) sent: BulkUser,
}

/// Reads one row; refused rows are ignored with the reason.
pub(crate) fn read(sent: BulkUser, domain: &str, domains: &BTreeSet<String>) -> Result<Row, (String, IgnoreReason)> {
    match judge(&sent, domain, domains) {
        Ok((address, aliases)) => Ok(Row { address, aliases, sent }),
        Err(reason) => Err((sent.address, reason)),
    }
}

type Names = (String, Option<BTreeSet<String>>);

fn judge(sent: &BulkUser, domain: &str, domains: &BTreeSet<String>) -> Result<Names, IgnoreReason> {
    let address = canonical(&sent.address)?;
    if domain_part(&address) != domain {
        return Err(IgnoreReason::OutsideDomain);
    }
    let person = [&sent.first_name, &sent.last_name];
    if person.into_iter().flatten().any(|name| !is_person_name(name)) {
        return Err(IgnoreReason::InvalidName);
    }
    let Some(list) = &sent.aliases else { return Ok((address, None)) };
    if list.len() > USER_ALIASES {
        return Err(IgnoreReason::TooManyAliases);
    }
    let mut aliases = list.iter().map(|alias| canonical(alias)).collect::<Result<BTreeSet<String>, _>>()?;
    // the user's own address is its name anyway
    aliases.remove(&address);
    if aliases.iter().any(|alias| !domains.contains(domain_part(alias))) {
        return Err(IgnoreReason::AliasOutsideTenant);
    }
    Ok((address, Some(aliases)))
}

fn canonical(text: &str) -> Result<String, IgnoreReason> {
    Address::parse(text).map(|a| a.as_str().to_owned()).map_err(|_| IgnoreReason::InvalidAddress)
}

/// What is in the database about the rows: users by address, and who has each name that a row claims.
pub(crate) struct Live {
    pub(crate) users: HashMap<String, User>,
    pub(crate) owners: HashMap<String, String>,
}

/// What a bulk call comes to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Users to make; their id, origin and time are the caller's to set.
    pub(crate) create: Vec<User>,
    /// Users before and after.
    pub(crate) update: Vec<(User, User)>,
    /// Rows that are taken.
    pub(crate) accepted: u64,
    /// Rows that are not, in the order sent.
    pub(crate) ignored: Vec<Ignored>,
}

/// Decides on all rows. `blank` makes the user that a row without a live one becomes, given its address.
pub(crate) fn decide(mode: BulkMode, rows: Vec<Result<Row, (String, IgnoreReason)>>, live: &Live, blank: impl Fn(&str) -> User) -> Outcome {
    let mut verdicts: Vec<Verdict<'_>> = Vec::with_capacity(rows.len());
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for row in rows {
        verdicts.push(row.and_then(|row| {
            if !seen.insert(row.address.clone()) {
                return Err((row.sent.address, IgnoreReason::DuplicateRow));
            }
            let before = live.users.get(&row.address);
            after(mode, row, before, &blank).map(|after| (before, after))
        }));
    }
    while let Some(losers) = conflicts(&verdicts, live) {
        for (index, address) in losers {
            verdicts[index] = Err((address, IgnoreReason::NameTaken));
        }
    }
    let mut outcome = Outcome::default();
    for verdict in verdicts {
        match verdict {
            Err((address, reason)) => outcome.ignored.push(Ignored { address, reason }),
            Ok((before, after)) => {
                outcome.accepted += 1;
                match before {
                    None => outcome.create.push(after),
                    Some(before) if *before != after => outcome.update.push((before.clone(), after)),
                    Some(_) => {}
                }
            }
        }
    }
    outcome
}

/// The user that a row asks for. What the row does not carry stays.
fn after(mode: BulkMode, row: Row, before: Option<&User>, blank: impl Fn(&str) -> User) -> Result<User, (String, IgnoreReason)> {
    if before.is_some_and(|user| !is_ours(user.origin)) {
        return Err((row.sent.address, IgnoreReason::DirectoryOwned));
    }
    let mut user = before.cloned().unwrap_or_else(|| blank(&row.address));
    if let Some(mut aliases) = row.aliases {
        match mode {
            BulkMode::Add => aliases.extend(user.aliases),
            BulkMode::AddDeleteOld => {}
        }
        if aliases.len() > USER_ALIASES {
            return Err((row.sent.address, IgnoreReason::TooManyAliases));
        }
        user.aliases = aliases.into_iter().collect();
    }
    user.first_name = row.sent.first_name.unwrap_or(user.first_name);
    user.last_name = row.sent.last_name.unwrap_or(user.last_name);
    user.kind = row.sent.kind.unwrap_or(user.kind);
    user.status = row.sent.status.unwrap_or(user.status);
    Ok(user)
}

type Verdict<'a> = Result<(Option<&'a User>, User), (String, IgnoreReason)>;

/// Rows that claim a name of an earlier row, or of a user that keeps it. None when all is settled: each round takes at
/// least one row out, so the rounds end.
fn conflicts(verdicts: &[Verdict<'_>], live: &Live) -> Option<Vec<(usize, String)>> {
    let taken = || verdicts.iter().enumerate().filter_map(|(i, v)| v.as_ref().ok().map(|(before, after)| (i, *before, after)));
    let mut claims: HashMap<&str, usize> = HashMap::new();
    let mut rewritten: BTreeSet<&str> = BTreeSet::new();
    for (index, before, after) in taken() {
        rewritten.extend(before.map(|user| user.id.as_str()));
        for name in names(after) {
            claims.entry(name).or_insert(index);
        }
    }
    // a name is free if nobody has it, its owner is this row's user, or its owner is rewritten by the call: then either
    // the owner's row claims it too and `claims` settles who was first, or it lets go of it
    let lost = |index: usize, before: Option<&User>, name: &str| {
        let kept_by_other =
            live.owners.get(name).is_some_and(|owner| before.is_none_or(|u| u.id != *owner) && !rewritten.contains(owner.as_str()));
        kept_by_other || claims.get(name) != Some(&index)
    };
    let losers: Vec<(usize, String)> = taken()
        .filter(|(index, before, after)| names(after).any(|name| lost(*index, *before, name)))
        .map(|(index, _, after)| (index, after.address.clone()))
        .collect();
    (!losers.is_empty()).then_some(losers)
}

fn names(user: &User) -> impl Iterator<Item = &str> {
    user.aliases.iter().map(String::as_str).chain([user.address.as_str()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Timestamp;
    use crate::wire::{Kind, Status};

    fn user(id: &str, address: &str, aliases: &[&str], origin: Origin) -> User {
        User {
            id: id.into(),
            address: address.into(),
            first_name: "Old".into(),
            last_name: String::new(),
            aliases: aliases.iter().map(|&a| a.into()).collect(),
            kind: Kind::Mailbox,
            status: Status::Active,
            origin,
            created_at: Timestamp::UNIX_EPOCH,
            billable: true,
            mails_30d: 0,
            last_mail_at: None,
            access: None,
            version: 1,
        }
    }

    fn row(address: &str, aliases: Option<&[&str]>) -> BulkUser {
        let aliases = aliases.map(|list| list.iter().map(|&a| a.into()).collect());
        BulkUser { address: address.into(), aliases, ..BulkUser::default() }
    }

    fn run(mode: BulkMode, rows: Vec<BulkUser>, live: &[User]) -> Outcome {
        let domains: BTreeSet<String> = ["x.example".into(), "y.example".into()].into();
        let rows = rows.into_iter().map(|r| read(r, "x.example", &domains)).collect();
        let users = live.iter().map(|u| (u.address.clone(), u.clone())).collect();
        let owners = live.iter().flat_map(|u| names(u).map(|n| (n.to_owned(), u.id.clone())).collect::<Vec<_>>()).collect();
        decide(mode, rows, &Live { users, owners }, |address| user("new", address, &[], Origin::Import))
    }

    fn ignored(outcome: &Outcome) -> Vec<(&str, IgnoreReason)> {
        outcome.ignored.iter().map(|i| (i.address.as_str(), i.reason)).collect()
    }

    #[test]
    fn add_adds_aliases_and_keeps_what_the_row_lacks() {
        let live = [user("1", "a@x.example", &["z@x.example"], Origin::Manual)];
        let out = run(BulkMode::Add, vec![row("A@x.example", Some(&["b@y.example"]))], &live);
        let (_, after) = &out.update[0];
        assert_eq!((after.aliases.join(" "), after.first_name.as_str()), ("b@y.example z@x.example".into(), "Old"));
        let out = run(BulkMode::AddDeleteOld, vec![row("a@x.example", Some(&["b@y.example"]))], &live);
        assert_eq!(out.update[0].1.aliases, ["b@y.example"]);
        let out = run(BulkMode::AddDeleteOld, vec![row("a@x.example", None)], &live);
        assert!(out.update.is_empty() && out.create.is_empty() && out.accepted == 1);
    }

    #[test]
    fn each_bad_row_has_its_reason() {
        let live = [user("1", "d@x.example", &[], Origin::Directory), user("2", "t@y.example", &["taken@x.example"], Origin::Manual)];
        let mut named = row("n@x.example", None);
        named.first_name = Some("a\u{202e}".into());
        let rows = vec![
            row("nonsense", None),
            row("a@z.example", None),
            row("a@x.example", Some(&["b@z.example"])),
            row("d@x.example", None),
            row("taken@x.example", None),
            row("e@x.example", Some(&["taken@x.example"])),
            row("f@x.example", None),
            row("F@x.example", None),
            named,
        ];
        use IgnoreReason as R;
        let out = run(BulkMode::Add, rows, &live);
        let expected = [
            ("nonsense", R::InvalidAddress),
            ("a@z.example", R::OutsideDomain),
            ("a@x.example", R::AliasOutsideTenant),
            ("d@x.example", R::DirectoryOwned),
            ("taken@x.example", R::NameTaken),
            ("e@x.example", R::NameTaken),
            ("F@x.example", R::DuplicateRow),
            ("n@x.example", R::InvalidName),
        ];
        assert_eq!(ignored(&out), expected);
        assert_eq!((out.accepted, out.create.len()), (1, 1));
    }

    #[test]
    fn an_alias_passes_from_row_to_row_and_stays_if_its_owner_is_refused() {
        let live = [user("1", "a@x.example", &["s@x.example"], Origin::Manual), user("2", "b@x.example", &["t@x.example"], Origin::Manual)];
        let swap = vec![row("a@x.example", Some(&["t@x.example"])), row("b@x.example", Some(&["s@x.example"]))];
        let out = run(BulkMode::AddDeleteOld, swap, &live);
        assert_eq!((out.update.len(), out.ignored.len()), (2, 0));
        // a's row is refused, so a keeps s, so b cannot have it
        let bad = vec![row("a@x.example", Some(&["q@z.example"])), row("b@x.example", Some(&["s@x.example"]))];
        let out = run(BulkMode::AddDeleteOld, bad, &live);
        assert_eq!(ignored(&out), [("a@x.example", IgnoreReason::AliasOutsideTenant), ("b@x.example", IgnoreReason::NameTaken)]);
        // two rows claim one name: the first has it
        let both = vec![row("c@x.example", Some(&["n@x.example"])), row("n@x.example", None)];
        assert_eq!(ignored(&run(BulkMode::Add, both, &[])), [("n@x.example", IgnoreReason::NameTaken)]);
    }
}
