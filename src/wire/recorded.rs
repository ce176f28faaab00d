//! Recorded answers parse and print byte-equal, so that a change of the wire format cannot hide in driver and panel.

use super::*;
use serde::{Serialize, de::DeserializeOwned};

fn check<T: Serialize + DeserializeOwned>(recorded: &str) {
    let text = recorded.trim_end_matches('\n');
    let value: T = serde_json::from_str(text).unwrap_or_else(|e| panic!("{e} in {text}"));
    assert_eq!(serde_json::to_string(&value).unwrap(), text);
}

macro_rules! recorded {
    ($($test:ident: $type:ty = $file:literal;)*) => {
        $(#[test]
        fn $test() {
            check::<$type>(include_str!(concat!("../../tests/data/wire/", $file)));
        })*
    };
}

recorded! {
    an_alias_move: AliasMove = "alias_move.json";
    an_alias_moved: AliasMoved = "alias_moved.json";
    an_audit_page: Page<AuditEntry> = "audit_page.json";
    a_bulk_answer: BulkAnswer = "bulk_answer.json";
    a_bulk_request: BulkRequest = "bulk_request.json";
    a_clock: ClockNow = "clock.json";
    a_clock_set: ClockSet = "clock_set.json";
    a_continuity: Continuity = "continuity.json";
    a_continuity_patch: ContinuityPatch = "continuity_patch.json";
    a_term_buy: TermBuy = "term_buy.json";
    destination_answers: DestinationAnswers = "destination_answers.json";
    a_continuity_mail: ContinuityMail = "continuity_mail.json";
    a_continuity_mail_done: ContinuityMailDone = "continuity_mail_done.json";
    a_directory: Directory = "directory.json";
    a_directory_consent: DirectoryConsent = "directory_consent.json";
    a_directory_create: DirectoryCreate = "directory_create.json";
    a_directory_patch: DirectoryPatch = "directory_patch.json";
    a_directory_tested: DirectoryTested = "directory_tested.json";
    a_directory_tested_narrower: DirectoryTested = "directory_tested_narrower.json";
    a_catch_all_probe: CatchAllProbe = "catch_all_probe.json";
    a_discovery: Discovery = "discovery.json";
    a_discovery_put: DiscoveryPut = "discovery_put.json";
    a_domain: Domain = "domain.json";
    a_domain_create: DomainCreate = "domain_create.json";
    a_domain_patch: DomainPatch = "domain_patch.json";
    a_domains_page: Page<Domain> = "domains_page.json";
    a_fingerprint: Fingerprint = "fingerprint.json";
    an_import_create: ImportCreate = "import_create.json";
    an_import_job: ImportJob = "import_job.json";
    a_lease: Lease = "lease.json";
    a_lease_renew: LeaseRenew = "lease_renew.json";
    a_lease_take: LeaseTake = "lease_take.json";
    a_mail_seen: MailSeen = "mail_seen.json";
    a_mail_seen_spam: MailSeen = "mail_seen_spam.json";
    an_operation: Operation = "operation.json";
    a_panel_info: PanelInfo = "panel_info.json";
    a_password_policy: PasswordPolicy = "password_policy.json";
    a_password_policy_put: PasswordPolicyPut = "password_policy_put.json";
    a_problem: Problem = "problem.json";
    a_problem_lease_held: Problem = "problem_lease_held.json";
    a_problem_import_running: Problem = "problem_import_running.json";
    a_recipient_verdict: RecipientVerdict = "recipient_verdict.json";
    a_recipients_page: Page<Recipient> = "recipients_page.json";
    a_sending_domain: SendingDomain = "sending_domain.json";
    a_sending_domain_create: SendingDomainCreate = "sending_domain_create.json";
    a_sending_domains_page: Page<SendingDomain> = "sending_domains_page.json";
    a_sending_check: SendingCheck = "sending_check.json";
    a_sending_history_page: Page<SendingEvent> = "sending_history_page.json";
    an_smtp_user: SmtpUser = "smtp_user.json";
    an_smtp_user_create: SmtpUserCreate = "smtp_user_create.json";
    an_smtp_user_minted: SmtpUserMinted = "smtp_user_minted.json";
    an_smtp_user_patch: SmtpUserPatch = "smtp_user_patch.json";
    an_smtp_user_reset: SmtpUserReset = "smtp_user_reset.json";
    an_smtp_users_page: Page<SmtpUser> = "smtp_users_page.json";
    an_smtp_login: SmtpLogin = "smtp_login.json";
    an_smtp_login_answer: SmtpLoginAnswer = "smtp_login_answer.json";
    a_tenant: Tenant = "tenant.json";
    a_tenant_create: TenantCreate = "tenant_create.json";
    a_tenant_patch: TenantPatch = "tenant_patch.json";
    a_tenants_page: Page<Tenant> = "tenants_page.json";
    a_test_user: TestUser = "test_user.json";
    a_token_create: TokenCreate = "token_create.json";
    a_token_minted: TokenMinted = "token_minted.json";
    a_tokens_page: Page<Token> = "tokens_page.json";
    a_user: User = "user.json";
    a_user_create: UserCreate = "user_create.json";
    a_user_patch: UserPatch = "user_patch.json";
    a_user_rename: UserRename = "user_rename.json";
    a_user_without_mail: User = "user_without_mail.json";
    a_password_set: PasswordSet = "password_set.json";
    a_sign_in: SignIn = "sign_in.json";
    a_signed_in: SignedIn = "signed_in.json";
    a_user_create_with_password: UserCreate = "user_create_with_password.json";
    a_user_with_access: User = "user_with_access.json";
    a_follow_invite: FollowInvite = "follow_invite.json";
    a_users_page: Page<User> = "users_page.json";
}

#[test]
fn a_borrowed_user_is_the_same_object() {
    for recorded in [
        include_str!("../../tests/data/wire/user.json"),
        include_str!("../../tests/data/wire/user_without_mail.json"),
        include_str!("../../tests/data/wire/user_with_access.json"),
    ] {
        let text = recorded.trim_end();
        let row: UserRow<'_> = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&row).unwrap(), text);
        assert!(matches!(row.address.0, std::borrow::Cow::Borrowed(_)));
    }
    let page = include_str!("../../tests/data/wire/users_page.json").trim_end();
    let rows: Page<UserRow<'_>> = serde_json::from_str(page).unwrap();
    assert_eq!(serde_json::to_string(&rows).unwrap(), page);
}

#[test]
fn requests_are_read_strictly_and_answers_leniently() {
    assert!(serde_json::from_str::<UserPatch>(r#"{"aliasses":[]}"#).is_err());
    assert!(serde_json::from_str::<ClockNow>(r#"{"now":"2026-12-01T08:00:00Z","zone":"UTC"}"#).is_ok());
    assert_eq!(serde_json::from_str::<Origin>(r#""entra""#).unwrap(), Origin::Unknown);
    assert_eq!(serde_json::from_str::<Code>(r#""teapot""#).unwrap(), Code::Other);
    for code in Code::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
    }
}
