//! `…/users/{user}/password` and `…/invite`; and the test endpoints where a user signs in or follows a mail.

use super::router::Outcome;
use super::test_aid::allowed;
use crate::base::digest::sha256;
use crate::panel::answer::Answer;
use crate::panel::change::{About, Change, Write};
use crate::panel::extract::{At, Body};
use crate::panel::open::{App, Shared};
use crate::panel::stop::Stop;
use crate::panel::store::user_changes::Home;
use crate::panel::store::{access, policies, users};
use crate::panel::{check, passwords};
use crate::wire::{Clear, FollowInvite, PasswordSet, SignIn, SignedIn, User};
use axum::extract::State;

/// Sets the password of a user, whoever owns the rest of it. The tenant's policy is asked.
#[utoipa::path(put, path = "/v1/tenants/{tenant}/domains/{domain}/users/{user}/password", tag = "users", request_body = PasswordSet,
    responses((status = 200, description = "Set", body = User)))]
pub(super) async fn set_password(
    State(app): State<Shared>,
    change: Change,
    At((tenant, domain, id)): At<(String, String, String)>,
    body: Body<PasswordSet>,
) -> Outcome {
    let digest = passwords::blind_digest(&PasswordSet { password: Clear::default(), label: body.value.label.clone() })?;
    let hashed = access::hashed(&body.value).await?;
    let mut w = change.begin(&app, About::Tenant(&tenant), digest).await?;
    let user = access::of_path(&mut w, Home { tenant: &tenant, domain: &domain }, &id).await?;
    let policy = policies::one(w.db(), &tenant).await?;
    access::set(&mut w, &policy, &user, &hashed).await?;
    changed(w, &domain, &id).await
}

/// Sends the user a request-password mail: it names a link that is followed first, and then a password is chosen.
#[utoipa::path(post, path = "/v1/tenants/{tenant}/domains/{domain}/users/{user}/invite", tag = "users",
    responses((status = 200, description = "Sent", body = User)))]
pub(super) async fn invite(State(app): State<Shared>, change: Change, At((tenant, domain, id)): At<(String, String, String)>) -> Outcome {
    let mut w = change.begin(&app, About::Tenant(&tenant), sha256(b"")).await?;
    let user = access::of_path(&mut w, Home { tenant: &tenant, domain: &domain }, &id).await?;
    access::invite(&mut w, &user).await?;
    changed(w, &domain, &id).await
}

async fn changed(mut w: Write, domain: &str, id: &str) -> Outcome {
    access::touch(&mut w, id).await?;
    let now = w.now;
    let user = users::one(w.db(), domain, id, now).await?;
    w.finish(Answer::ok(&user)?.version(user.version)).await
}

/// The user who signs in, read before the slow part, so that no transaction waits for a hash.
async fn who(app: &App, address: &str) -> Result<Option<(User, String, Option<String>)>, Stop> {
    let address = check::address("address", address)?;
    let mut db = app.readers.acquire().await?;
    let Some((user, tenant)) = access::by_address(&mut db, address.as_str()).await? else { return Ok(None) };
    let stored = access::stored(&mut db, &user.id).await?;
    Ok(Some((user, tenant, stored)))
}

fn not_in(why_not: &str) -> Outcome {
    Answer::ok(&SignedIn { signed_in: false, why_not: Some(why_not.to_owned()) })
}

/// A user signs in, by address or alias.
#[utoipa::path(post, path = "/v1/test/sign-in", tag = "test", request_body = SignIn,
    responses((status = 200, description = "Whether the user is in", body = SignedIn)))]
pub(super) async fn sign_in(State(app): State<Shared>, change: Change, body: Body<SignIn>) -> Outcome {
    allowed(&app)?;
    let typed = &body.value;
    let Some((user, tenant, stored)) = who(&app, &typed.address).await? else { return not_in("no_such_user") };
    if let Some(why) = access::barred(&user) {
        return not_in(why);
    }
    let by_directory = typed.directory_agrees && matches!(user.origin, crate::wire::Origin::Directory | crate::wire::Origin::Office365);
    let remember = match (by_directory, stored) {
        (true, _) => Some(passwords::hash(&typed.password).await?),
        (false, None) => return not_in("no_password"),
        (false, Some(hash)) => {
            if !passwords::fits(hash, &typed.password).await? {
                return not_in("wrong_password");
            }
            None
        }
    };
    let digest = passwords::blind_digest(&SignIn { password: Clear::default(), ..typed.clone() })?;
    let mut w = change.begin(&app, About::LeaseOf(&tenant), digest).await?;
    access::signed_in(&mut w, &user, remember.as_deref()).await?;
    w.finish(Answer::ok(&SignedIn { signed_in: true, why_not: None })?).await
}

/// A user follows the mail: once for its link, then to choose a password.
#[utoipa::path(post, path = "/v1/test/follow-invite", tag = "test", request_body = FollowInvite,
    responses((status = 200, description = "The user", body = User)))]
pub(super) async fn follow_invite(State(app): State<Shared>, change: Change, body: Body<FollowInvite>) -> Outcome {
    allowed(&app)?;
    let Some((user, tenant, _)) = who(&app, &body.value.address).await? else { return Err(Stop::not_found("user")) };
    let blanked = FollowInvite { address: body.value.address.clone(), password: body.value.password.as_ref().map(|_| Clear::default()) };
    let hash = match &body.value.password {
        Some(password) => Some(passwords::hash(password).await?),
        None => None,
    };
    let mut w = change.begin(&app, About::LeaseOf(&tenant), passwords::blind_digest(&blanked)?).await?;
    match (&body.value.password, hash) {
        (Some(password), Some(hash)) => {
            let policy = policies::one(w.db(), &tenant).await?;
            access::choose(&mut w, &policy, &user, password, &hash).await?;
        }
        (_, _) => access::confirm(&mut w, &user).await?,
    }
    let user = users::of_tenant(w.db(), &tenant, &user.id).await?.0;
    w.finish(Answer::ok(&user)?.version(user.version)).await
}
