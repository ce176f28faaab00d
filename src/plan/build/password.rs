//! Passwords of live users, compared by token and never by value (S10.2); and the mails by which users get one.
//!
//! A password is set on a live user only where `rotate` is written and the applied token is known to differ; everything
//! else is left alone and counted. It is a step of its own, because its risk and its approval are its own (S7.3).

use crate::model::user::{INITIAL, Password, PasswordFrom};
use crate::model::{Authority, Field, LiveAccess, LiveUser, Value};
use crate::plan::build::draft::{Draft, Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::people::{Fate, People, Person};
use crate::plan::build::users::{Steps, facts, incarnation, precondition};
use crate::plan::{Action, Change, DetailRow, Risk, Stage};

/// What the panel's words make of a declared password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applied {
    /// It is applied, or there is nothing to do.
    Done,
    /// Another token is applied, or none: it can be set.
    Differs,
    /// The user is to be asked by a mail.
    Ask,
    /// The user has no password, and the declared one is set on creation only.
    CreateOnly,
    /// Nobody can tell which one is applied.
    CannotTell,
}

/// Judges the token of a live user (S10.2): from the panel's label, else a `rotate` that is a full date later than the day
/// of the last change.
pub(super) fn applied(password: &Password, access: Option<&LiveAccess>, tells: bool) -> Applied {
    let has_password = access.is_some_and(|a| a.has_password);
    let label = access.and_then(|a| a.password_label.as_deref());
    match (&password.from, &password.rotate) {
        _ if !tells => Applied::CannotTell,
        (PasswordFrom::Invite, _) if has_password || access.is_some_and(|a| a.mails_sent > 0) => Applied::Done,
        (PasswordFrom::Invite, _) => Applied::Ask,
        (PasswordFrom::Secret(_), None) if label == Some(INITIAL) => Applied::Done,
        (PasswordFrom::Secret(_), None) if !has_password => Applied::CreateOnly,
        (PasswordFrom::Secret(_), None) => Applied::CannotTell,
        (PasswordFrom::Secret(_), Some(rotate)) => match label {
            Some(label) if label == rotate => Applied::Done,
            Some(_) => Applied::Differs,
            None if !has_password => Applied::Differs,
            None => by_date(rotate, access),
        },
    }
}

fn by_date(rotate: &str, access: Option<&LiveAccess>) -> Applied {
    let wanted: Option<jiff::civil::Date> = Some(rotate).filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
    let changed = access.and_then(|a| a.password_changed_at).map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    match (wanted, changed) {
        (Some(wanted), Some(changed)) if wanted > changed => Applied::Differs,
        (Some(_), Some(_)) => Applied::Done,
        (_, _) => Applied::CannotTell,
    }
}

impl Ground<'_> {
    /// What the panel makes of the declared password of a live user.
    pub(super) fn applied(&self, row: &DetailRow, live: &LiveUser<'_>) -> Option<Applied> {
        let tells = self.can(crate::model::Kind::User).is_some_and(|c| c.tells_access);
        row.user.password.as_ref().map(|p| applied(p, live.access.as_deref(), tells))
    }
}

/// Plans the password of a user that is there, where it can be told that another one is to be set.
pub(super) fn update_password(ground: &Ground<'_>, work: &mut Work, steps: &Steps, person: &Person<'_>) {
    let (Some(row), Some(live)) = (person.row, person.live) else {
        return;
    };
    let (Some(password), Some(applied)) = (&row.user.password, ground.applied(row, live)) else {
        return;
    };
    let acts = match applied {
        Applied::Differs | Applied::Ask => true,
        Applied::Done | Applied::CreateOnly | Applied::CannotTell => false,
    };
    if !acts || !ground.is_managed(Field::UserPassword) || ground.users_authority(&person.domain) == Authority::Observe {
        return;
    }
    let before = live.access.as_ref().and_then(|a| a.password_label.clone()).map(Value::Token);
    let after = Some(Value::Token(password.token().to_owned()));
    let changes = vec![Change { field: Field::UserPassword, before, after }];
    let mut draft = ground.draft(Action::Update, person.key.clone(), incarnation(person), changes, Phase::Adds);
    draft.step.at = Some(row.at.clone());
    draft.step.facts = facts(person);
    draft.step.only_if = precondition(person);
    let address = person.address();
    let touched = [steps.rename.get(address), steps.update.get(address)].into_iter().flatten().copied().collect::<Vec<_>>();
    // an earlier step of this plan changes the version; the incarnation still guards
    if !touched.is_empty() || matches!(person.fate, Fate::Rename(_)) || !person.moves_in.is_empty() || !person.moves_out.is_empty() {
        draft.step.only_if.version = None;
    }
    if let Some(renamed) = steps.rename.get(address) {
        draft.after(*renamed, Stage::Accepted, "a user is renamed before it is changed");
    }
    if applied == Applied::Differs {
        draft.at_least(Risk::R3);
        draft.step.counted.insert(address.to_owned());
        draft.note("the password in use stops working");
    }
    give(&mut draft, password);
    draft.block(person.block.clone());
    work.push(draft);
}

/// Where the password of a step is to be had, or what the mail does.
pub(super) fn give(draft: &mut Draft, password: &Password) {
    match password.secret() {
        Some(reference) => {
            draft.step.secrets.insert(Field::UserPassword, reference.clone());
        }
        None => draft.note("a request-password mail goes to the user"),
    }
}

/// What is said of passwords that are left alone.
pub(super) fn notes(ground: &Ground<'_>, work: &mut Work, people: &People<'_>) {
    if !ground.is_managed(Field::UserPassword) {
        return;
    }
    let judged = people.all.values().filter_map(|p| ground.applied(p.row?, p.live?));
    let (mut unknown, mut bare) = (0u64, 0u64);
    for applied in judged {
        match applied {
            Applied::CannotTell => unknown += 1,
            Applied::CreateOnly => bare += 1,
            Applied::Done | Applied::Differs | Applied::Ask => {}
        }
    }
    if unknown > 0 {
        work.note(None, format!("passwords of {unknown} live users cannot be compared: left alone (S10.2)"));
    }
    if bare > 0 {
        work.note(None, format!("{bare} live users have no password, and theirs is set on creation only: a `rotate` text sets it now"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SecretRef;

    fn declared(rotate: Option<&str>) -> Password {
        Password { from: PasswordFrom::Secret(SecretRef::Env("P".into())), rotate: rotate.map(Into::into) }
    }

    fn access(label: Option<&str>, changed: Option<&str>) -> LiveAccess {
        let password_changed_at = changed.map(|t| t.parse().unwrap());
        LiveAccess { has_password: true, password_label: label.map(Into::into), password_changed_at, ..LiveAccess::default() }
    }

    #[test]
    fn s10_2_a_label_decides_else_a_full_date_else_nothing() {
        let of = |rotate, label, changed| applied(&declared(rotate), Some(&access(label, changed)), true);
        assert_eq!(of(Some("2026-11"), Some("2026-11"), None), Applied::Done);
        assert_eq!(of(Some("2026-11"), Some("2026-10"), None), Applied::Differs);
        assert_eq!(of(Some("2026-11-22"), None, Some("2026-11-21T23:59:59Z")), Applied::Differs);
        assert_eq!(of(Some("2026-11-22"), None, Some("2026-11-22T00:00:00Z")), Applied::Done, "it may be this very one");
        assert_eq!(of(Some("2026-11"), None, Some("2020-01-01T00:00:00Z")), Applied::CannotTell, "no full date");
        assert_eq!(of(Some("2026-11-22"), None, None), Applied::CannotTell);
        assert_eq!(of(None, None, Some("2020-01-01T00:00:00Z")), Applied::CannotTell);
        assert_eq!(of(None, Some("2026-10"), None), Applied::CannotTell, "without rotate nothing is set on a live user");
    }

    #[test]
    fn who_has_none_gets_one_by_rotate_or_mail_only() {
        assert_eq!(applied(&declared(Some("1")), None, true), Applied::Differs);
        assert_eq!(applied(&declared(None), None, true), Applied::CreateOnly);
        assert_eq!(applied(&declared(Some("1")), None, false), Applied::CannotTell, "a silent panel proves nothing");
        let invite = Password { from: PasswordFrom::Invite, rotate: None };
        assert_eq!(applied(&invite, None, true), Applied::Ask);
        assert_eq!(applied(&invite, Some(&access(None, None)), true), Applied::Done);
        assert_eq!(applied(&invite, Some(&LiveAccess { mails_sent: 1, ..LiveAccess::default() }), true), Applied::Done);
        assert_eq!(applied(&invite, None, false), Applied::CannotTell);
    }
}
