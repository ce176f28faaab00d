//! `/v1/tokens`. Only tokens for all tenants may mint, list or end tokens.

use super::query::PageQuery;
use super::router::Outcome;
use crate::base::digest::sha256;
use crate::panel::answer::{Answer, json};
use crate::panel::auth::Reader;
use crate::panel::change::{About, Change};
use crate::panel::extract::{Ask, At, Body};
use crate::panel::open::Shared;
use crate::panel::store::tokens;
use crate::wire::{Page, Token, TokenCreate, TokenMinted};
use axum::extract::State;

/// Tokens in the order of minting, without their secrets. Needs read and write: who may list may also end them.
#[utoipa::path(get, path = "/v1/tokens", tag = "tokens", params(PageQuery),
    responses((status = 200, description = "A page of tokens", body = Page<Token>)))]
pub(super) async fn list(State(app): State<Shared>, reader: Reader, Ask(ask): Ask<PageQuery>) -> Outcome {
    reader.0.may(None)?;
    reader.0.may_write()?;
    let want = ask.want("tokens")?;
    let mut view = app.readers.begin().await?;
    Answer::ok(&tokens::list(&mut view, &want).await?)
}

/// Mints a token. Its secret is in this answer and nowhere else; a replayed answer does not show it again.
#[utoipa::path(post, path = "/v1/tokens", tag = "tokens", request_body = TokenCreate,
    responses((status = 201, description = "Minted", body = TokenMinted)))]
pub(super) async fn create(State(app): State<Shared>, change: Change, body: Body<TokenCreate>) -> Outcome {
    let mut w = change.begin(&app, About::Panel, body.digest).await?;
    let now = w.now;
    let (token, secret) = tokens::mint(w.db(), &body.value, now).await?;
    w.note("token.create", &token.name, format!("→ {}", token.id)).await?;
    let at = format!("/v1/tokens/{}", token.id);
    let shown = TokenMinted { token, secret: Some(secret.expose().to_owned()) };
    let kept = TokenMinted { token: shown.token.clone(), secret: None };
    let answer = Answer { stored: Some(json(&kept)?), ..Answer::created(&shown, at)? };
    w.finish(answer).await
}

/// Ends a token at once.
#[utoipa::path(delete, path = "/v1/tokens/{token}", tag = "tokens", responses((status = 204, description = "Ended")))]
pub(super) async fn delete(State(app): State<Shared>, change: Change, At(id): At<String>) -> Outcome {
    let mut w = change.begin(&app, About::Panel, sha256(b"")).await?;
    let name = tokens::delete(w.db(), &id).await?;
    w.note("token.delete", &name, format!("{id} →")).await?;
    w.finish(Answer::gone()).await
}
