//! Small declared tenants and rows for the tests of this room.

use crate::base::limits::NAME_BYTES;
use crate::base::span::{FileId, Place, Span, Spanned};
use crate::base::{Address, DomainName, Findings, PrintKey, ProviderName, TenantName};
use crate::config::rows::RawPassword;
use crate::config::{Cell, Declared, DeclaredTenant, Defaults, Provider, RawRow, Removed, Renamed, RowSource, Workspace};
use crate::model::{Approvals, Continuity, Directory, Domain, FieldMask, Kind, PasswordPolicy, Tenant};
use crate::resolve::resolver::{List, Resolver};
use crate::resolve::secrets::AllowedSecrets;
use crate::resolve::{Desired, Heads, heads};
use std::collections::BTreeMap;

pub const KEY: PrintKey = PrintKey(3, 4);
pub const ALL_FIELDS: FieldMask = FieldMask(0b101_1111);

pub fn at(offset: u64) -> Span {
    Span { place: Place::new(FileId(0), offset), len: 4 }
}
pub fn s<T>(value: T, offset: u64) -> Spanned<T> {
    Spanned::new(value, at(offset))
}
pub fn name(text: &str) -> DomainName {
    DomainName::parse(text).unwrap()
}
pub fn provider(text: &str) -> ProviderName {
    assert!(text.len() <= NAME_BYTES);
    ProviderName::parse(text).unwrap()
}

pub fn domain(text: &str, tweak: impl FnOnce(&mut Domain)) -> Domain {
    let mut domain = Domain {
        name: name(text),
        at: at(100),
        destination: None,
        relay_check: None,
        alias_domains: None,
        authority: None,
        users_authority: None,
        aliases_authority: None,
        users_from: Vec::new(),
        directories: BTreeMap::new(),
        discovery: None,
        continuity: None,
    };
    tweak(&mut domain);
    domain
}
pub fn policy(min_length: u32, on: bool) -> PasswordPolicy {
    let on = Some(s(on, 301));
    PasswordPolicy {
        at: at(300),
        min_length: Some(s(min_length, 300)),
        upper: on.clone(),
        lower: on.clone(),
        digit: on,
        special: None,
        generated_length: None,
        generated_special: None,
    }
}
pub fn directory(tweak: impl FnOnce(&mut Directory)) -> Directory {
    let mut directory = Directory {
        at: at(200),
        enabled: None,
        source: None,
        host: Some(s("dc1.acme.example".into(), 201)),
        port: None,
        tls: None,
        bind_dn: None,
        bind_password: None,
        schedule: None,
        search_base: None,
        filter: None,
        min_users: None,
    };
    tweak(&mut directory);
    directory
}
pub fn continuity(months: u32) -> Continuity {
    let from = jiff::civil::date(2026, 12, 1);
    Continuity {
        at: at(400),
        enabled: Some(s(true, 401)),
        outgoing_via_own_server: Some(s(true, 402)),
        term: Some(s(crate::model::continuity::Term { months, from }, 403)),
    }
}
/// A list of the tenant; for one domain, or for the domain of each address.
pub fn list(domain: Option<&str>) -> RowSource {
    let domain = domain.map(name);
    RowSource { file: "users.csv".into(), csv: true, ranges: Vec::new(), domain, named_at: at(500), tombstone: None }
}

pub fn removed(kind: Kind, text: &str) -> Removed {
    let since = s(jiff::civil::date(2026, 11, 20), 802);
    Removed {
        at: at(800),
        kind,
        name: s(text.into(), 801),
        since,
        on: None,
        reason: None,
        remove_after_days: None,
        username: None,
        incarnation: None,
        keep_address: None,
    }
}

pub fn renamed_head(from: &str, to: &str, keep_old: bool) -> Renamed {
    let address = |text, offset| s(Address::parse(text).unwrap(), offset);
    Renamed { at: at(820), from: address(from, 821), to: address(to, 822), keep_old }
}

pub fn tenant(text: &str, provider_name: &str) -> DeclaredTenant {
    let inbound = s(provider(provider_name), 20);
    DeclaredTenant {
        tenant: Tenant {
            name: TenantName::parse(text).unwrap(),
            at: at(10),
            outbound: inbound.clone(),
            inbound,
            remote: None,
            create: None,
            authority: None,
        },
        defaults: Defaults::default(),
        password_policy: None,
        domains: BTreeMap::new(),
        sending_domains: BTreeMap::new(),
        smtp_users: BTreeMap::new(),
        removed: Vec::new(),
        renamed: Vec::new(),
        lists: Vec::new(),
    }
}
/// Tenant `acme` on provider `edge` with domain `acme.example`, changed by `tweak`.
pub fn declared(tweak: impl FnOnce(&mut DeclaredTenant, &mut Workspace)) -> Declared {
    let edge = Provider {
        name: provider("edge"),
        at: at(1),
        driver: s("panel".into(), 2),
        url: s("embedded:panel.db".into(), 3),
        token: None,
        ca_file: None,
        in_flight: None,
        requests_per_minute: None,
    };
    let mut workspace = Workspace { providers: BTreeMap::from([(provider("edge"), edge)]), ..Workspace::default() };
    let mut acme = tenant("acme", "edge");
    acme.domains.insert(name("acme.example"), domain("acme.example", |_| {}));
    tweak(&mut acme, &mut workspace);
    let tenants = BTreeMap::from([(acme.tenant.name.clone(), acme)]);
    Declared { workspace, tenants, approvals: Approvals::default() }
}

fn ids(findings: &Findings) -> Vec<&'static str> {
    let mut ids: Vec<_> = findings.sorted().iter().map(|f| f.rule.0).collect();
    ids.sort_unstable();
    ids
}
/// The rules that the heads of [`declared`] break.
pub fn ids_of_heads(tweak: impl FnOnce(&mut DeclaredTenant, &mut Workspace)) -> Vec<&'static str> {
    let (_, findings) = heads(&declared(tweak));
    assert!(findings.sorted().iter().all(|f| !f.title.is_empty() && f.fix.is_some() && f.at.is_some()), "{findings:#?}");
    ids(&findings)
}

pub fn cell(text: &str, offset: u64) -> Cell<'_> {
    Cell { text: text.into(), span: at(offset) }
}
/// A row at an offset of file 0; its cells follow at the next offsets.
pub fn row<'a>(address: &'a str, aliases: &[&'a str], offset: u64) -> RawRow<'a> {
    let mut row = RawRow::new(Place::new(FileId(0), offset));
    row.len = 10;
    row.address = Some(cell(address, offset + 1));
    if !aliases.is_empty() {
        row.aliases = Some(aliases.iter().zip(2..).map(|(a, i)| cell(a, offset + i)).collect());
    }
    row
}
pub fn password<'a>(from: &'a str, rotate: Option<&'a str>) -> RawPassword<'a> {
    RawPassword { from: cell(from, 8), source: crate::config::rows::PasswordSource::Env, rotate: rotate.map(|r| cell(r, 9)) }
}
/// A row of another file.
pub fn in_file(mut row: RawRow<'_>, file: u32) -> RawRow<'_> {
    row.place = Place::new(FileId(file), row.place.offset());
    row
}

pub const INLINE: List<'static> = List { csv: false, domain: None };
pub const CSV: List<'static> = List { csv: true, domain: None };

pub fn acme(tweak: impl FnOnce(&mut DeclaredTenant)) -> Heads {
    heads(&declared(|t, _| tweak(t))).0.remove(0)
}
/// Pushes rows of file 0 as CSV and finishes.
pub fn resolve(heads: &Heads, rows: &[RawRow<'_>]) -> Result<(Desired, Findings), Findings> {
    let mut resolver = Resolver::new(heads, ALL_FIELDS, KEY).with_secrets(AllowedSecrets::Anything);
    rows.iter().for_each(|row| resolver.push_row(row, CSV));
    resolver.finish()
}
/// The rules that rows of tenant `acme` break.
pub fn ids_of_rows(rows: &[RawRow<'_>]) -> Vec<&'static str> {
    let findings = match resolve(&acme(|_| {}), rows) {
        Ok((_, findings)) | Err(findings) => findings,
    };
    assert!(findings.sorted().iter().all(|f| !f.title.is_empty() && f.fix.is_some() && f.at.is_some()), "{findings:#?}");
    ids(&findings)
}
