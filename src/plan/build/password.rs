//! Passwords of live users, compared by token and never by value (S10.2); and the mails by which users get one.
//!
//! A password is set on a live user only where `rotate` is written and the applied token is known to differ; everything
//! else is left alone and counted. It is a step of its own, because its risk and its approval are its own (S7.3).

use crate::base::Timestamp;
use crate::model::user::{INITIAL, INVITE, Password, PasswordFrom};
use crate::model::{Authority, Field, Kind, LiveAccess, LiveUser, Value};
use crate::plan::build::draft::{Draft, Phase, Work};
use crate::plan::build::ground::{CLOCKS_APART, Ground};
use crate::plan::build::people::{Fate, People, Person};
use crate::plan::build::users::{Steps, facts, incarnation, precondition};
use crate::plan::{Action, Change, DetailRow, Risk, Stage};

/// What the panel's words, and memory, make of a declared password.
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

/// What is known of the password that a live user has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told<'a> {
    /// What the panel says; `None` where it says nothing of how users sign in.
    access: Option<&'a LiveAccess>,
    /// Whether the panel says anything: then no password is known to be none.
    tells: bool,
    /// The token that memory proves: our own call set it, and nobody else did since.
    proven: Option<&'a str>,
}

impl<'a> Told<'a> {
    /// The token, from the panel's label, else from memory.
    fn token(&self) -> Option<&'a str> {
        self.label().or(self.proven)
    }
    fn label(&self) -> Option<&'a str> {
        self.access.and_then(|a| a.password_label.as_deref())
    }
    fn is_bare(&self) -> bool {
        self.tells && !self.access.is_some_and(|a| a.has_password)
    }
    /// Whether the user has a way in of his own, or was asked to choose one.
    fn is_invited(&self) -> bool {
        self.access.is_some_and(|a| a.has_password || a.mails_sent > 0) || self.proven == Some(INVITE)
    }
}

/// Judges the token of a live user (S10.2): from the panel's label, else a `rotate` that is a full date later than the day
/// of the last change, else from what memory proves.
pub(super) fn applied(password: &Password, told: Told<'_>) -> Applied {
    match (&password.from, &password.rotate) {
        (PasswordFrom::Invite, _) if told.is_invited() => Applied::Done,
        (PasswordFrom::Invite, _) if told.tells => Applied::Ask,
        (PasswordFrom::Invite, _) => Applied::CannotTell,
        (PasswordFrom::Secret(_), None) if told.token() == Some(INITIAL) => Applied::Done,
        (PasswordFrom::Secret(_), None) if told.is_bare() => Applied::CreateOnly,
        (PasswordFrom::Secret(_), None) => Applied::CannotTell,
        (PasswordFrom::Secret(_), Some(rotate)) => match told.label() {
            Some(label) if label == rotate => Applied::Done,
            Some(_) => Applied::Differs,
            None if told.is_bare() => Applied::Differs,
            None => without_label(rotate, told),
        },
    }
}

/// By the day of the last change, else by memory. What a user chose after our mail has no token.
fn without_label(rotate: &str, told: Told<'_>) -> Applied {
    let wanted: Option<jiff::civil::Date> = Some(rotate).filter(|text| text.len() == 10).and_then(|text| text.parse().ok());
    let changed = told.access.and_then(|a| a.password_changed_at).map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    match (wanted, changed, told.proven.filter(|token| *token != INVITE)) {
        (Some(wanted), Some(changed), _) if wanted > changed => Applied::Differs,
        (_, _, Some(proven)) if proven == rotate => Applied::Done,
        (_, _, Some(_)) => Applied::Differs,
        (Some(_), Some(_), None) => Applied::Done,
        (_, _, None) => Applied::CannotTell,
    }
}

impl Ground<'_> {
    /// What is known of a live user's password.
    fn told<'a>(&'a self, live: &'a LiveUser<'_>) -> Told<'a> {
        let tells = self.can(Kind::User).is_some_and(|c| c.tells_access);
        let access = live.access.as_deref().filter(|_| tells);
        Told { access, tells, proven: self.proven(live, access) }
    }
    /// The token that memory proves for this very user (S11.1). Nothing is proven of one who was made after the receipt,
    /// or whose password was changed after it.
    fn proven(&self, live: &LiveUser<'_>, access: Option<&LiveAccess>) -> Option<&str> {
        let proof = self.remembered.passwords.get(&self.key(Kind::User, &live.address))?;
        let by_panel = self.can(Kind::User).map_or(proof.at, |c| c.timetable.panel_now(proof.at));
        let by_panel = by_panel.checked_add(CLOCKS_APART).unwrap_or(by_panel);
        let another = matches!((&proof.incarnation, &live.incarnation), (Some(was), Some(is)) if was != is);
        let later = |at: Option<Timestamp>| at.is_some_and(|at| at > by_panel);
        let void = another || later(live.created_at) || later(access.and_then(|a| a.password_changed_at));
        (!void).then_some(proof.token.as_str())
    }
    /// What is to be made of the declared password of a live user.
    pub(super) fn applied(&self, row: &DetailRow, live: &LiveUser<'_>) -> Option<Applied> {
        row.user.password.as_ref().map(|p| applied(p, self.told(live)))
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
    let before = ground.told(live).token().map(|token| Value::Token(token.to_owned()));
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

    fn panel(access: Option<&LiveAccess>) -> Told<'_> {
        Told { access, tells: true, proven: None }
    }

    #[test]
    fn s10_2_a_label_decides_else_a_full_date_else_memory_else_nothing() {
        let of = |rotate, label, changed, proven| applied(&declared(rotate), Told { proven, ..panel(Some(&access(label, changed))) });
        assert_eq!(of(Some("2026-11"), Some("2026-11"), None, Some("2026-10")), Applied::Done, "the label is nearer than memory");
        assert_eq!(of(Some("2026-11"), Some("2026-10"), None, Some("2026-11")), Applied::Differs);
        assert_eq!(of(Some("2026-11-22"), None, Some("2026-11-21T23:59:59Z"), None), Applied::Differs);
        assert_eq!(of(Some("2026-11-22"), None, Some("2026-11-22T00:00:00Z"), None), Applied::Done, "it may be this very one");
        assert_eq!(of(Some("2026-11-22"), None, Some("2026-11-22T00:00:00Z"), Some("2026-10")), Applied::Differs, "memory knows better");
        assert_eq!(of(Some("2026-11"), None, Some("2020-01-01T00:00:00Z"), None), Applied::CannotTell, "no full date");
        assert_eq!(of(Some("2026-11"), None, Some("2020-01-01T00:00:00Z"), Some("2026-11")), Applied::Done);
        assert_eq!(of(Some("2026-11"), None, None, Some("2026-10")), Applied::Differs);
        assert_eq!(of(Some("2026-11"), None, None, Some(INVITE)), Applied::CannotTell, "he chose one himself");
        assert_eq!(of(Some("2026-11-22"), None, None, None), Applied::CannotTell);
        assert_eq!(of(None, None, Some("2020-01-01T00:00:00Z"), None), Applied::CannotTell);
        assert_eq!(of(None, None, None, Some(INITIAL)), Applied::Done);
        assert_eq!(of(None, Some("2026-10"), None, None), Applied::CannotTell, "without rotate nothing is set on a live user");
    }

    #[test]
    fn who_has_none_gets_one_by_rotate_or_mail_only() {
        assert_eq!(applied(&declared(Some("1")), panel(None)), Applied::Differs);
        assert_eq!(applied(&declared(None), panel(None)), Applied::CreateOnly);
        assert_eq!(applied(&declared(Some("1")), Told::default()), Applied::CannotTell, "a silent panel proves nothing");
        let invite = Password { from: PasswordFrom::Invite, rotate: None };
        assert_eq!(applied(&invite, panel(None)), Applied::Ask);
        assert_eq!(applied(&invite, panel(Some(&access(None, None)))), Applied::Done);
        assert_eq!(applied(&invite, panel(Some(&LiveAccess { mails_sent: 1, ..LiveAccess::default() }))), Applied::Done);
        assert_eq!(applied(&invite, Told::default()), Applied::CannotTell);
        assert_eq!(applied(&invite, Told { proven: Some(INVITE), ..Told::default() }), Applied::Done);
    }
}
