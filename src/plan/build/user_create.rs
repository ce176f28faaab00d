//! A declared user that is not there.

use crate::model::{Authority, Field, Kind, Reason, UserKind, UserStatus, Value};
use crate::plan::build::draft::{Phase, Work};
use crate::plan::build::ground::Ground;
use crate::plan::build::parts::instructions;
use crate::plan::build::password::give;
use crate::plan::build::people::Person;
use crate::plan::build::users::Steps;
use crate::plan::{Action, Cause, Change, Risk, Stage};
use std::collections::BTreeSet;

/// Plans the creation, with the model's defaults for what is not declared, printed like the rest (S2.1).
pub(super) fn create_user(ground: &Ground<'_>, work: &mut Work, steps: &mut Steps, person: &Person<'_>) {
    let Some(row) = person.row else {
        return;
    };
    let mut declared: Vec<(Field, Value)> = Vec::new();
    row.user.visit(&mut |field, value| declared.push((field, value)));
    for (field, default) in defaults() {
        // a user that is created again after a rename keeps what nobody declares (S2.4)
        let value = person.live.and_then(|l| l.value(field)).unwrap_or(default);
        if ground.is_managed(field) && !declared.iter().any(|(f, _)| *f == field) {
            declared.push((field, value));
        }
    }
    let aliases: BTreeSet<String> = person.aliases.iter().flatten().filter(|a| !person.late_moves_in.contains(*a)).cloned().collect();
    if let Some((_, value)) = declared.iter_mut().find(|(field, _)| *field == Field::UserAliases) {
        *value = Value::Set(aliases);
    }
    let compared = ground.compare(declared, None, Authority::Add);
    let mut draft = ground.draft(Action::Create, person.key.clone(), None, compared.changes, Phase::Adds);
    draft.step.risk = Risk::R1;
    draft.step.why = Cause::Declared;
    if ground.can(Kind::User).is_some_and(|c| !c.bills_mailboxes) {
        draft.step.facts.billable = Some(false);
    }
    draft.step.only_if.absent = true;
    draft.step.at = Some(row.at.clone());
    let by_default: Vec<&str> = row.by_default.fields().map(Field::name).collect();
    if !by_default.is_empty() {
        draft.note(format!("from defaults: {}", by_default.join(", ")));
    }
    if let (Some(password), true) = (&row.user.password, ground.is_managed(Field::UserPassword)) {
        give(&mut draft, password);
    }
    draft.block(person.block.clone());
    if !ground.kind(Kind::User).create {
        draft.block(Some(Reason::Unsupported { text: "this panel cannot create users".into() }));
    }
    let created = work.push(draft);
    steps.create.insert(person.address().to_owned(), created);
    let text = compared.hand_off.keys().cloned().collect::<Vec<_>>().join("; ");
    let changes: Vec<Change> = compared.hand_off.into_values().flatten().collect();
    if !changes.is_empty() {
        let send = instructions(&person.key, &changes);
        let mut draft = ground.hand_off(person.key.clone(), changes, &text, send);
        draft.step.at = Some(row.at.clone());
        draft.after(created, Stage::Visible, "a user before what is set on it by hand");
        draft.block(person.block.clone());
        work.push(draft);
    }
}

/// What a new user is where nothing is declared.
fn defaults() -> [(Field, Value); 5] {
    [
        (Field::UserFirstName, Value::text("")),
        (Field::UserLastName, Value::text("")),
        (Field::UserAliases, Value::Set(BTreeSet::new())),
        (Field::UserKind, Value::text(UserKind::Mailbox.word())),
        (Field::UserStatus, Value::text(UserStatus::Active.word())),
    ]
}
