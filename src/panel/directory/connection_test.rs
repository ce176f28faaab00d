//! The connection test: the question of a synchronisation without its effect, also with other settings than those kept.

use crate::panel::auth::View;
use crate::panel::directory::{Kept, Person, floor, read_directory};
use crate::panel::open::App;
use crate::panel::stop::Stop;
use crate::panel::store::directories::with_password;
use crate::panel::store::directory_runs::place;
use crate::panel::store::user_changes::Home;
use crate::panel::store::{directory_users, domain_names, domains};
use crate::wire::{DirectoryOutcome, DirectorySettings, DirectorySource, DirectoryTested};
use std::collections::BTreeSet;

/// Asks the directory. The database is not held meanwhile.
pub(crate) async fn test(
    app: &App,
    mut view: View,
    home: Home<'_>,
    id: &str,
    request: &DirectorySettings,
) -> Result<DirectoryTested, Stop> {
    domains::name(&mut view, home.tenant, home.domain).await?;
    let directory = with_password(&mut view, home.domain, id).await?;
    let at = place(&mut view, id).await?.ok_or_else(|| Stop::not_found("directory"))?;
    let names = domain_names::of_tenant(&mut view, home.tenant).await?;
    let kept = directory_users::kept(&mut view, id).await?;
    drop(view);
    let (settings, dropped) = directory.settings.over(request);
    let users = kept.len() as u64;
    let floor = floor(u64::from(settings.min_users), users);
    let unasked = |outcome, error: &str| DirectoryTested { outcome, count: 0, gone: 0, users, floor, error: Some(error.to_owned()) };
    if dropped {
        let text = "not asked: the bind password that is kept was given for another host, port, TLS mode or bind name";
        return Ok(unasked(DirectoryOutcome::NeedsPassword, text));
    }
    if directory.settings.source == DirectorySource::Entra && !directory.shown.consent {
        return Ok(unasked(DirectoryOutcome::NeedsConsent, super::job::NO_CONSENT));
    }
    settings.check()?;
    Ok(match read_directory(app, &directory, &settings.login, &at, names).await {
        Ok(answer) => {
            let gone = gone(&kept, &answer.people);
            DirectoryTested { outcome: DirectoryOutcome::Answered, count: answer.count(), gone, users, floor, error: None }
        }
        Err(error) => unasked(DirectoryOutcome::Failed, &error),
    })
}

/// Users of now that the answer does not hold.
fn gone(kept: &[Kept], people: &[Person]) -> u64 {
    let there: BTreeSet<&str> = people.iter().map(|p| p.guid.as_str()).collect();
    kept.iter().filter(|k| !there.contains(k.guid.as_str())).count() as u64
}
