//! All routes and their descriptions in one router.

use super::{
    access, audit, bulk, continuity, directories, discoveries, domains, imports, leases, moves, operations, panel_info, password_policies,
    recipients, sending_domains, smtp_users, tenants, test_aid, tokens, user_changes, users, verdict,
};
use crate::panel::answer::Answer;
use crate::panel::limits::{BODY_BYTES, BULK_BODY_BYTES};
use crate::panel::open::Shared;
use crate::panel::openapi;
use crate::panel::stop::Stop;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What a handler gives.
pub(super) type Outcome = Result<Answer, Stop>;

/// Every route of the panel.
pub(crate) fn all() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(openapi::frame())
        .routes(routes!(panel_info::show))
        .routes(routes!(tenants::list, tenants::create))
        .routes(routes!(tenants::show, tenants::patch, tenants::delete))
        .routes(routes!(password_policies::show, password_policies::put))
        .routes(routes!(domains::list, domains::create))
        .routes(routes!(domains::show, domains::patch, domains::delete))
        .routes(routes!(continuity::show, continuity::patch))
        .routes(routes!(continuity::buy))
        .routes(routes!(directories::list, directories::create))
        .routes(routes!(directories::show, directories::patch, directories::delete))
        .routes(routes!(directories::test))
        .routes(routes!(discoveries::show, discoveries::put))
        .routes(routes!(discoveries::ask, discoveries::probe))
        .routes(routes!(users::list, user_changes::create))
        .routes(routes!(users::fingerprint))
        .routes(routes!(users::show, user_changes::patch, user_changes::delete))
        .routes(routes!(user_changes::rename))
        .routes(routes!(access::set_password))
        .routes(routes!(access::invite))
        .routes(routes!(moves::create))
        .routes(routes!(recipients::list))
        .routes(routes!(verdict::show))
        .routes(routes!(imports::show))
        .routes(routes!(imports::rows))
        .routes(routes!(sending_domains::list, sending_domains::create))
        .routes(routes!(sending_domains::show, sending_domains::delete))
        .routes(routes!(sending_domains::verify))
        .routes(routes!(sending_domains::history))
        .routes(routes!(smtp_users::list, smtp_users::create))
        .routes(routes!(smtp_users::show, smtp_users::patch, smtp_users::delete))
        .routes(routes!(smtp_users::reset))
        .routes(routes!(leases::take, leases::renew, leases::release))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::delete))
        .routes(routes!(operations::show))
        .routes(routes!(audit::list))
        .routes(routes!(test_aid::clock, test_aid::set_clock))
        .routes(routes!(test_aid::mail))
        .routes(routes!(test_aid::user))
        .routes(routes!(test_aid::consent))
        .routes(routes!(access::sign_in))
        .routes(routes!(access::follow_invite))
        .routes(routes!(test_aid::smtp_login))
        .routes(routes!(continuity::destination))
        .routes(routes!(continuity::mail))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(bulk::run))
                .routes(routes!(imports::list, imports::create))
                .layer(DefaultBodyLimit::max(BULK_BODY_BYTES)),
        )
}
