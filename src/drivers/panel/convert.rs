//! Between the panel's words and ours, both ways. Every match is exhaustive: a new word on either side must be placed.

use crate::base::limits::PANEL_TEXT_CHARS;
use crate::base::printable::printable_short;
use crate::base::{Address, DomainName, TenantName};
use crate::model::{
    ContinuityFacts, Fault, Field, JobRow, JobStage, Key, Kind, LastConnection, LiveFacts, LiveHead, LiveJob, LiveTenant, Origin, Reason,
    UserKind, UserStatus, Value,
};
use crate::wire;
use std::collections::{BTreeMap, BTreeSet};

/// The fault of a page that is not what it should be.
pub(super) fn malformed(text: &str) -> Fault {
    Fault::Retry { reason: Reason::Malformed { text: printable_short(text, PANEL_TEXT_CHARS) } }
}

/// The kind of a user.
pub(super) fn user_kind(kind: wire::Kind) -> UserKind {
    match kind {
        wire::Kind::Mailbox => UserKind::Mailbox,
        wire::Kind::Shared => UserKind::Shared,
        wire::Kind::Resource => UserKind::Resource,
        wire::Kind::List => UserKind::List,
        wire::Kind::Forward => UserKind::Forward,
    }
}

/// The status of a user.
pub(super) fn user_status(status: wire::Status) -> UserStatus {
    match status {
        wire::Status::Active => UserStatus::Active,
        wire::Status::Inactive => UserStatus::Inactive,
    }
}

/// The origin of a user.
pub(super) fn origin(origin: wire::Origin) -> Origin {
    match origin {
        wire::Origin::Manual => Origin::Manual,
        wire::Origin::Import => Origin::Import,
        wire::Origin::Smtp => Origin::Smtp,
        wire::Origin::Directory => Origin::Directory,
        wire::Origin::Office365 => Origin::Office365,
        wire::Origin::Discovery => Origin::Discovery,
        wire::Origin::Unknown => Origin::Unknown,
    }
}

/// A relay check in the words of files.
fn relay_word(check: wire::RelayCheck) -> &'static str {
    match check {
        wire::RelayCheck::Smtp => crate::model::RelayCheck::Smtp.word(),
        wire::RelayCheck::Ldap => crate::model::RelayCheck::Ldap.word(),
        wire::RelayCheck::ControlPanel => crate::model::RelayCheck::ControlPanel.word(),
    }
}

/// The panel's word for a value that is one of ours; `None` where it is none.
pub(super) fn to_relay_check(word: &str) -> Option<wire::RelayCheck> {
    crate::model::RelayCheck::parse(word).map(|check| match check {
        crate::model::RelayCheck::Smtp => wire::RelayCheck::Smtp,
        crate::model::RelayCheck::Ldap => wire::RelayCheck::Ldap,
        crate::model::RelayCheck::ControlPanel => wire::RelayCheck::ControlPanel,
    })
}

/// As [`to_relay_check`].
pub(super) fn to_kind(word: &str) -> Option<wire::Kind> {
    UserKind::parse(word).map(|kind| match kind {
        UserKind::Mailbox => wire::Kind::Mailbox,
        UserKind::Shared => wire::Kind::Shared,
        UserKind::Resource => wire::Kind::Resource,
        UserKind::List => wire::Kind::List,
        UserKind::Forward => wire::Kind::Forward,
    })
}

/// As [`to_relay_check`].
pub(super) fn to_status(word: &str) -> Option<wire::Status> {
    UserStatus::parse(word).map(|status| match status {
        UserStatus::Active => wire::Status::Active,
        UserStatus::Inactive => wire::Status::Inactive,
    })
}

/// A tenant.
pub(super) fn tenant(tenant: wire::Tenant) -> LiveTenant {
    LiveTenant {
        id: tenant.id,
        name: tenant.name,
        change_mark: Some(tenant.change_mark.to_string()),
        created_at: Some(tenant.created_at),
        frozen: tenant.frozen,
    }
}

/// A password policy.
pub(super) fn policy(of: &TenantName, policy: &wire::PasswordPolicy) -> LiveHead {
    let attrs = BTreeMap::from([
        (Field::PolicyMinLength, Value::Number(i64::from(policy.min_length))),
        (Field::PolicyUpper, Value::Switch(policy.upper)),
        (Field::PolicyLower, Value::Switch(policy.lower)),
        (Field::PolicyDigit, Value::Switch(policy.digit)),
        (Field::PolicySpecial, Value::Switch(policy.special)),
    ]);
    LiveHead {
        key: Key::policy(of),
        incarnation: None,
        version: Some(policy.version.to_string()),
        attrs,
        created_at: None,
        facts: LiveFacts::None,
    }
}

/// A domain, in canonical form.
///
/// # Errors
/// A name that is no domain.
pub(super) fn domain(of: &TenantName, domain: wire::Domain) -> Result<LiveHead, Fault> {
    let canonical =
        |text: &str| DomainName::parse(text).map(|name| name.as_str().to_owned()).map_err(|error| malformed(&error.to_string()));
    let aliases: BTreeSet<String> = domain.alias_domains.iter().map(|text| canonical(text)).collect::<Result<_, _>>()?;
    let attrs = BTreeMap::from([
        (Field::DomainDestination, Value::List(domain.destinations)),
        (Field::DomainRelayCheck, Value::text(relay_word(domain.relay_check))),
        (Field::DomainAliasDomains, Value::Set(aliases)),
    ]);
    Ok(LiveHead {
        key: Key::new(of, Kind::Domain, canonical(&domain.name)?),
        incarnation: Some(domain.id),
        version: Some(domain.version.to_string()),
        attrs,
        created_at: Some(domain.created_at),
        facts: LiveFacts::Domain { imports: Some(domain.imports), failing_over: domain.failing_over },
    })
}

/// A sending domain, in canonical form.
///
/// # Errors
/// A name that is no domain.
pub(super) fn sending_domain(of: &TenantName, domain: wire::SendingDomain) -> Result<LiveHead, Fault> {
    let name = DomainName::parse(&domain.name).map_err(|error| malformed(&error.to_string()))?;
    let cnames = domain.cnames.into_iter().map(|c| (c.name, c.target)).collect();
    Ok(LiveHead {
        key: Key::new(of, Kind::SendingDomain, name.as_str()),
        incarnation: Some(domain.id),
        version: Some(domain.version.to_string()),
        attrs: BTreeMap::new(),
        created_at: Some(domain.created_at),
        facts: LiveFacts::SendingDomain { cnames, verified: domain.verified },
    })
}

/// An SMTP user under the name that the panel minted; which declaration means it is the planner's to say.
///
/// # Errors
/// A sending domain that is no domain; a user name without a visible character.
pub(super) fn smtp_user(of: &TenantName, user: wire::SmtpUser) -> Result<LiveHead, Fault> {
    let domain = DomainName::parse(&user.sending_domain).map_err(|error| malformed(&error.to_string()))?;
    if user.username.trim().is_empty() {
        return Err(malformed("an SMTP user without a user name"));
    }
    let last_connection = match (user.last_connection_at, user.never_connected) {
        (Some(at), false) => LastConnection::At(at),
        (None, true) => LastConnection::Never,
        (Some(_), true) | (None, false) => LastConnection::Unknown,
    };
    let attrs = BTreeMap::from([
        (Field::SmtpUserDomain, Value::text(domain.as_str())),
        (Field::SmtpUserLabel, Value::text(user.label)),
        (Field::SmtpUserUsername, Value::text(user.username.clone())),
    ]);
    Ok(LiveHead {
        key: Key::new(of, Kind::SmtpUser, user.username),
        incarnation: Some(user.id),
        version: Some(user.version.to_string()),
        attrs,
        created_at: Some(user.created_at),
        facts: LiveFacts::SmtpUser {
            enabled: user.enabled,
            token: user.token,
            operation_tag: user.operation_tag,
            last_connection,
            password_set_at: Some(user.password_set_at),
        },
    })
}

/// Continuity of a domain. Its incarnation is the domain's.
pub(super) fn continuity(of: &TenantName, domain: &str, live: wire::Continuity) -> LiveHead {
    let mut attrs = BTreeMap::from([
        (Field::ContinuityEnabled, Value::Switch(live.enabled)),
        (Field::ContinuityOutgoing, Value::Switch(live.outgoing_via_own_server)),
    ]);
    if let Some(term) = &live.term {
        attrs.insert(Field::ContinuityTerm, Value::text(format!("{} months from {}", term.months, term.from)));
    }
    let facts = ContinuityFacts {
        failing_since: live.fail_over.failing_since,
        taking_over: live.fail_over.taking_over,
        archived: live.mails.archived,
        archive_days: live.mails.archive_days,
        pending: live.mails.pending,
    };
    LiveHead {
        key: Key::new(of, Kind::Continuity, domain),
        incarnation: Some(live.domain),
        version: Some(live.version.to_string()),
        attrs,
        created_at: None,
        facts: LiveFacts::Continuity(facts),
    }
}

/// An import job with its rows, which are given in canonical form.
pub(super) fn job(job: wire::ImportJob, rows: Vec<JobRow>) -> LiveJob {
    let word = |reason: &wire::IgnoreReason| serde_json::to_value(reason).ok().and_then(|v| v.as_str().map(str::to_owned));
    LiveJob {
        id: job.id,
        replaces: job.mode == wire::BulkMode::AddDeleteOld,
        stage: match job.status {
            wire::ImportStatus::Accepted => JobStage::Accepted,
            wire::ImportStatus::Effective => JobStage::Effective,
            wire::ImportStatus::Failed => JobStage::Failed,
        },
        sent: job.sent,
        accepted: job.accepted,
        ignored: job.ignored.iter().map(|(reason, n)| (word(reason).unwrap_or_default(), *n)).collect(),
        submitted_at: job.submitted_at,
        from: job.effective_from,
        until: job.effective_until,
        failure: job.failure.map(|text| printable_short(&text, PANEL_TEXT_CHARS)),
        rows,
    }
}

/// A row of a job; `None` where its address is none, which nobody can have asked for.
pub(super) fn job_row(row: wire::BulkUser) -> Option<JobRow> {
    let canonical = |text: &str| Address::parse(text).ok().map(|a| a.as_str().to_owned());
    let mut values = BTreeMap::new();
    let mut put = |field, value: Option<Value>| drop(value.map(|v| values.insert(field, v)));
    put(Field::UserFirstName, row.first_name.map(Value::text));
    put(Field::UserLastName, row.last_name.map(Value::text));
    put(Field::UserAliases, row.aliases.map(|all| Value::Set(all.iter().filter_map(|a| canonical(a)).collect())));
    put(Field::UserKind, row.kind.map(|k| Value::text(user_kind(k).word())));
    put(Field::UserStatus, row.status.map(|s| Value::text(user_status(s).word())));
    Some(JobRow { address: canonical(&row.address)?, values })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_same_on_both_sides() {
        for kind in UserKind::ALL {
            assert_eq!(to_kind(kind.word()).map(user_kind), Some(*kind));
            assert_eq!(to_kind(kind.word()).and_then(|k| serde_json::to_value(k).ok()), Some(kind.word().into()));
        }
        for status in UserStatus::ALL {
            assert_eq!(to_status(status.word()).map(user_status), Some(*status));
        }
        for check in crate::model::RelayCheck::ALL {
            assert_eq!(to_relay_check(check.word()).map(relay_word), Some(check.word()));
        }
        assert_eq!(to_relay_check("guess"), None);
    }
}
