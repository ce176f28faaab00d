//! Pages: their frame (count, total, cursor), read when they come, and their objects, decoded when they are wanted.
//!
//! Pure. An unknown key is skipped, so that an older client reads a newer panel; an unknown word where a decision hangs
//! on it, a wrong type or a missing key makes the whole page unknown (S1.3).

use crate::base::DomainName;
use crate::drivers::panel::canonical::Canon;
use crate::drivers::panel::convert::{self, malformed};
use crate::drivers::panel::{directory, discovery, user_rows};
use crate::model::{Fault, Key, Kind, LiveHead, Object, Scope};
use crate::port::Page;
use crate::wire;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

/// The frame of a page; its items are counted and not kept.
#[derive(Debug, Deserialize)]
pub(super) struct Frame {
    pub(super) items: Counted,
    pub(super) total: u64,
    #[serde(default)]
    pub(super) next_cursor: Option<String>,
    #[serde(default)]
    pub(super) fingerprint: Option<String>,
}

/// How many items a list has.
#[derive(Debug)]
pub(super) struct Counted(pub(super) u64);

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_seq(CountVisitor)
    }
}

struct CountVisitor;

impl<'de> Visitor<'de> for CountVisitor {
    type Value = Counted;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Counted, A::Error> {
        let mut count = 0;
        while seq.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Counted(count))
    }
}

/// Reads the frame of a page.
pub(super) fn frame(body: &[u8]) -> Result<Frame, Fault> {
    serde_json::from_str(text(body)?).map_err(|error| malformed(&error.to_string()))
}

/// A single object in the form of a list of one.
pub(super) fn list_of_one(body: &[u8]) -> Vec<u8> {
    [b"{\"items\":[", body, b"],\"total\":1}"].concat()
}

/// A list of the one directory that a key names, or of none.
pub(super) fn only_directory(body: &[u8], key: &Key) -> Result<Vec<u8>, Fault> {
    let page: wire::Page<wire::Directory> = serde_json::from_str(text(body)?).map_err(|error| malformed(&error.to_string()))?;
    let label = key.name.split_once('/').map_or(directory::DEFAULT, |(_, label)| label);
    let items: Vec<wire::Directory> = page.items.into_iter().filter(|d| d.name == label).collect();
    let total = items.len() as u64;
    let one = wire::Page { items, total, next_cursor: None, fingerprint: None };
    serde_json::to_vec(&one).map_err(|error| malformed(&error.to_string()))
}

/// How a page of recipients begins, by which it is known from one of users of the same scope.
const RECIPIENTS: &[u8] = b"{\"recipients\":";

/// Marks a page of recipients.
pub(super) fn mark_recipients(body: &[u8]) -> Vec<u8> {
    [RECIPIENTS, body, b"}"].concat()
}

/// How a page of import jobs begins.
const JOBS: &[u8] = b"{\"jobs\":";

/// An import job with those of its rows that were read.
#[derive(Debug, serde::Serialize, Deserialize)]
pub(super) struct JobWithRows {
    pub(super) job: wire::ImportJob,
    pub(super) rows: Vec<wire::BulkUser>,
}

/// A page of import jobs, from what several reads gave.
pub(super) fn page_of_jobs(scope: &Scope, items: Vec<JobWithRows>) -> Result<Page, Fault> {
    let total = items.len() as u64;
    let page = wire::Page { items, total, next_cursor: None, fingerprint: None };
    let body = serde_json::to_vec(&page).map_err(|error| malformed(&error.to_string()))?;
    Ok(Page { scope: scope.clone(), body: [JOBS, &body, b"}"].concat(), next: None, total: Some(total), count: total })
}

/// The objects of a page.
pub(super) fn objects(page: &Page, each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault> {
    if let Some(inner) = page.body.strip_prefix(RECIPIENTS).and_then(|b| b.strip_suffix(b"}")) {
        return recipients(inner, each);
    }
    if let Some(inner) = page.body.strip_prefix(JOBS).and_then(|b| b.strip_suffix(b"}")) {
        return jobs(inner, each);
    }
    let scope = &page.scope;
    match scope.kind {
        Kind::Tenant => items::<wire::Tenant>(&page.body, &mut |tenant| {
            each(Object::Tenant(convert::tenant(tenant)));
            Ok(())
        }),
        Kind::PasswordPolicy => {
            let of = tenant_of(scope)?;
            items::<wire::PasswordPolicy>(&page.body, &mut |policy| {
                each(Object::Head(convert::policy(of, &policy)));
                Ok(())
            })
        }
        Kind::Domain => {
            let of = tenant_of(scope)?;
            items::<wire::Domain>(&page.body, &mut |domain| {
                each(Object::Head(convert::domain(of, domain)?));
                Ok(())
            })
        }
        Kind::User => {
            let domain = scope.domain.as_ref().map_or("", DomainName::as_str);
            user_rows::decode(text(&page.body)?, domain, each)
        }
        Kind::Continuity => {
            let (of, domain) = (tenant_of(scope)?, scope.domain.as_ref().map_or("", DomainName::as_str));
            items::<wire::Continuity>(&page.body, &mut |live| {
                each(Object::Head(convert::continuity(of, domain, live)));
                Ok(())
            })
        }
        Kind::Directory => {
            let (of, domain) = (tenant_of(scope)?, scope.domain.as_ref().map_or("", DomainName::as_str));
            items::<wire::Directory>(&page.body, &mut |found| {
                each(Object::Head(directory::head(of, domain, found)));
                Ok(())
            })
        }
        Kind::Discovery => {
            let (of, domain) = (tenant_of(scope)?, scope.domain.as_ref().map_or("", DomainName::as_str));
            items::<wire::Discovery>(&page.body, &mut |found| {
                each(Object::Head(discovery::head(of, domain, found)));
                Ok(())
            })
        }
        Kind::SendingDomain => {
            let of = tenant_of(scope)?;
            items::<wire::SendingDomain>(&page.body, &mut |domain| {
                each(Object::Head(convert::sending_domain(of, domain)?));
                Ok(())
            })
        }
        Kind::SmtpUser => {
            let of = tenant_of(scope)?;
            items::<wire::SmtpUser>(&page.body, &mut |user| {
                each(Object::Head(convert::smtp_user(of, user)?));
                Ok(())
            })
        }
    }
}

fn jobs(body: &[u8], each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault> {
    items::<JobWithRows>(body, &mut |JobWithRows { job, rows }| {
        each(Object::Job(convert::job(job, rows.into_iter().filter_map(convert::job_row).collect())));
        Ok(())
    })
}

/// Names and ids of the domains of a page.
pub(super) fn domain_ids(page: &Page, each: &mut dyn FnMut(String, String)) -> Result<(), Fault> {
    objects(page, &mut |object| {
        if let Object::Head(LiveHead { key, incarnation: Some(id), .. }) = object {
            each(key.name, id);
        }
    })
}

fn items<T: for<'de> Deserialize<'de>>(body: &[u8], each: &mut dyn FnMut(T) -> Result<(), Fault>) -> Result<(), Fault> {
    let page: wire::Page<T> = serde_json::from_str(text(body)?).map_err(|error| malformed(&error.to_string()))?;
    page.items.into_iter().try_for_each(each)
}

fn recipients(body: &[u8], each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault> {
    let mut canon = Canon::default();
    items::<wire::Recipient>(body, &mut |recipient| {
        let address = canon.address(Cow::Owned(recipient.address)).map_err(|text| malformed(&format!("`{text}` is no address")))?;
        each(Object::Recipient { address, mails_30d: recipient.mails_30d, last_mail_at: Some(recipient.last_mail_at) });
        Ok(())
    })
}

fn text(body: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(body).map_err(|error| malformed(&format!("the answer is not UTF-8 ({error})")))
}

fn tenant_of(scope: &Scope) -> Result<&crate::base::TenantName, Fault> {
    scope.tenant.as_ref().ok_or_else(|| malformed("a page that belongs to no tenant"))
}
