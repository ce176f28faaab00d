//! `GET /v1/tenants/{tenant}/recipients/{address}`.

use super::router::Outcome;
use crate::panel::answer::Answer;
use crate::panel::auth::Reader;
use crate::panel::callout;
use crate::panel::check;
use crate::panel::directory::{Login, knows};
use crate::panel::extract::At;
use crate::panel::open::{App, Shared};
use crate::panel::store::recipients::{Facing, facing};
use crate::wire::{RecipientVerdict, RelayCheck};
use axum::extract::State;
use std::collections::BTreeSet;

/// What the filter would answer to this recipient now: 250, 550 or 451, with the reason. Under relay check `smtp` the
/// destination is asked, under `ldap` the directories.
#[utoipa::path(get, path = "/v1/tenants/{tenant}/recipients/{address}", tag = "evidence",
    responses((status = 200, description = "The answer", body = RecipientVerdict)))]
pub(super) async fn show(State(app): State<Shared>, reader: Reader, At((tenant, address)): At<(String, String)>) -> Outcome {
    let address = check::address("address", &address)?.as_str().to_owned();
    let mut view = reader.tenant(&app, &tenant).await?;
    let facing = facing(&mut view, &tenant, &address, app.clock.now()).await?;
    // a destination may take its time; the database is not to wait for it
    drop(view);
    Answer::ok(&judge(&app, address, facing).await)
}

async fn judge(app: &App, address: String, facing: Option<Facing>) -> RecipientVerdict {
    let Some(Facing { relay_check, destinations, target, user, domain, directories, discovers }) = facing else {
        let reason = "relaying denied: no domain or alias domain of the tenant".to_owned();
        return RecipientVerdict { address, code: 550, reason, relay_check: None, user: None };
    };
    let (code, reason) = match relay_check {
        RelayCheck::ControlPanel => match &user {
            Some(_) => (250, "a user of the list has it".to_owned()),
            None if discovers => called(callout::ask(&destinations, &target).await),
            None => (550, "no user of the list has it".to_owned()),
        },
        // an alias of the directory may stand in the alias domain itself
        RelayCheck::Ldap => look_up(app, &directories, &domain, &[address.as_str(), &target].into()).await,
        RelayCheck::Smtp => called(callout::ask(&destinations, &target).await),
    };
    RecipientVerdict { address, code, reason, relay_check: Some(relay_check), user }
}

/// The destination's word.
fn called(answer: callout::Answer) -> (u16, String) {
    match answer {
        callout::Answer::Taken { by } => (250, format!("{by} takes it")),
        callout::Answer::Refused { by, said } => (550, format!("{by} refuses it: {said}")),
        callout::Answer::Later { why } => (451, format!("no destination could be asked: {why}")),
    }
}

/// One directory that has the address is enough; nobody is refused as long as one could not be asked.
async fn look_up(app: &App, directories: &[Login], domain: &str, names: &BTreeSet<&str>) -> (u16, String) {
    if directories.is_empty() {
        return (451, "no directory".to_owned());
    }
    let mut silent = Vec::new();
    for login in directories {
        match knows(&app.options.ldap, login, domain, names).await {
            Ok(true) => return (250, format!("the directory {} has it", login.host)),
            Ok(false) => {}
            Err(error) => silent.push(error),
        }
    }
    if silent.is_empty() {
        (550, "no directory has it".to_owned())
    } else {
        (451, format!("a directory could not be asked: {}", silent.join("; ")))
    }
}
