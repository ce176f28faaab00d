//! Rows in full again: from the text at their places to a typed user (what plans show and drivers write).
//!
//! What the resolver refused with a finding is `None` here: a row that is read again must give the print that it gave
//! before, else it was changed while reading and nothing is planned for it.

use crate::base::{Address, SecretRef};
use crate::config::RawRow;
use crate::config::rows::{PasswordSource, RawPassword};
use crate::model::user::{Password, PasswordFrom};
use crate::model::{Field, FieldMask, User, UserKind, UserStatus};
use crate::resolve::Heads;

/// The user of one row, with defaults for what the row does not say, and which fields are such defaults (S2.3).
///
/// `heads` should be those of [`crate::resolve::Desired`], which hold the renames of all rows: the kept old address
/// counts as a declared alias where aliases are written (S4.4). `None` where a cell is not what it must be.
#[must_use]
pub fn row_user(raw: &RawRow<'_>, heads: &Heads) -> Option<(User, FieldMask)> {
    let text = |cell: &Option<crate::config::Cell<'_>>| cell.as_ref().map(|c| c.text.clone().into_owned());
    let mut user = User::bare(Address::parse(&raw.address.as_ref()?.text).ok()?);
    user.first_name = text(&raw.first_name);
    user.last_name = text(&raw.last_name);
    user.group = text(&raw.group);
    if let Some(all) = &raw.aliases {
        user.aliases = Some(all.iter().map(|c| Address::parse(&c.text)).collect::<Result<_, _>>().ok()?);
    }
    if let Some(cell) = &raw.kind {
        user.kind = Some(UserKind::parse(&cell.text)?);
    }
    if let Some(cell) = &raw.status {
        user.status = Some(UserStatus::parse(&cell.text)?);
    }
    if let Some(password) = &raw.password {
        let from = reference(password).map_or(PasswordFrom::Invite, PasswordFrom::Secret);
        user.password = Some(Password { from, rotate: text(&password.rotate) });
    }
    if let Some(cell) = &raw.previous_address {
        user.previous_address = Some(Address::parse(&cell.text).ok()?);
    }
    keep_old_addresses(&mut user, heads);
    let by_default = fill(&mut user, heads);
    Some((user, by_default))
}

/// The reference of a password as written; `None` for one that the user chooses.
pub(super) fn reference(password: &RawPassword<'_>) -> Option<SecretRef> {
    let from = password.from.text.clone().into_owned();
    match password.source {
        PasswordSource::Env => Some(SecretRef::Env(from)),
        PasswordSource::File => Some(SecretRef::File(from)),
        PasswordSource::Invite => None,
    }
}

/// Adds the fields of another row of the same address (S3.4). A default gives way to what is written. `false`: the
/// addresses differ, or both rows write one field; then `into` is as it was.
#[must_use]
pub fn add_up(into: &mut (User, FieldMask), more: (User, FieldMask)) -> bool {
    let written = |(user, by_default): &(User, FieldMask)| FieldMask(user.mask().0 & !by_default.0);
    let both = written(into).and(written(&more));
    if into.0.address != more.0.address || both != FieldMask::NONE {
        return false;
    }
    let takes = written(&more);
    let (user, by_default) = into;
    let User { address: _, first_name, last_name, aliases, kind, status, password, group, previous_address } = more.0;
    let fields = [
        (Field::UserFirstName, take(&mut user.first_name, first_name, takes.has(Field::UserFirstName))),
        (Field::UserLastName, take(&mut user.last_name, last_name, takes.has(Field::UserLastName))),
        (Field::UserAliases, take(&mut user.aliases, aliases, takes.has(Field::UserAliases))),
        (Field::UserKind, take(&mut user.kind, kind, takes.has(Field::UserKind))),
        (Field::UserStatus, take(&mut user.status, status, takes.has(Field::UserStatus))),
        (Field::UserPassword, take(&mut user.password, password, takes.has(Field::UserPassword))),
        (Field::UserGroup, take(&mut user.group, group, takes.has(Field::UserGroup))),
    ];
    for (field, _) in fields.iter().filter(|(_, taken)| *taken) {
        by_default.0 &= !FieldMask::of(*field).0;
    }
    user.previous_address = user.previous_address.take().or(previous_address);
    true
}

fn take<T>(into: &mut Option<T>, more: Option<T>, wanted: bool) -> bool {
    if wanted {
        *into = more;
    }
    wanted
}

/// The kept old address of a rename counts as a declared alias while the rename is written (S4.4).
fn keep_old_addresses(user: &mut User, heads: &Heads) {
    let Some(aliases) = &mut user.aliases else {
        return;
    };
    aliases.extend(user.previous_address.clone());
    let first = heads.renamed.partition_point(|r| r.to.value < user.address);
    let of_user = heads.renamed[first..].iter().take_while(|r| r.to.value == user.address);
    aliases.extend(of_user.filter(|r| r.keep_old).map(|r| r.from.value.clone()));
}

fn fill(user: &mut User, heads: &Heads) -> FieldMask {
    let mut by_default = FieldMask::NONE;
    if let (None, Some(kind)) = (user.kind, &heads.defaults.kind) {
        user.kind = Some(kind.value);
        by_default = by_default.with(Field::UserKind);
    }
    if let (None, Some(status)) = (user.status, &heads.defaults.status) {
        user.status = Some(status.value);
        by_default = by_default.with(Field::UserStatus);
    }
    by_default
}
