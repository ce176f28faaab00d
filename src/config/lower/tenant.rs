//! A tenant lowered: its own table, policy, outbound heads, and where its rows are.

use super::Lowering;
use super::domain::domain;
use super::lowering::{number, placed};
use super::tombstone::{self, Tombstone};
use super::workspace::defaults;
use crate::base::{DomainName, Span, TenantName};
use crate::config::declared::{DeclaredTenant, RowSource, TombstoneList};
use crate::config::raw::{PasswordPolicyTable, SmtpUserTable, TenantFile, TenantTable};
use crate::config::rules;
use crate::config::value::{At, FilePath, SinkTable};
use crate::model::{PasswordPolicy, SendingDomain, SmtpUser, Tenant};
use std::collections::BTreeMap;

/// A tenant from its files together. `inline` are the stretches of its `[[users]]` tables. `None` where the tenant table
/// is missing or was refused; then there are findings.
pub fn tenant(
    name: &TenantName,
    raw: TenantFile,
    inline: Vec<RowSource>,
    start: Span,
    lowering: &mut Lowering<'_>,
) -> Option<DeclaredTenant> {
    let Some(table) = raw.tenant else {
        let finding = rules::NO_TENANT.finding(format!("tenant {name} has no `[tenant]` table")).at(start, "in this file");
        lowering.push(finding.fix(format!("add [tenant] with name = \"{name}\" and provider = \"…\"")));
        return None;
    };
    let mut lists = Lists { all: inline };
    for path in table.users_from.iter().flat_map(|list| &list.0.all) {
        lists.csv(path, None, None, lowering);
    }
    let mut domains = BTreeMap::new();
    for (domain_name, table) in raw.domains.map(|map| map.all).unwrap_or_default() {
        for path in table.users.iter().filter_map(|u| u.from.as_ref()).flat_map(|list| &list.0.all) {
            lists.csv(path, Some(&domain_name), None, lowering);
        }
        domains.insert(domain_name.clone(), domain(domain_name, table, lowering));
    }
    let mut removed = Vec::new();
    for table in raw.removed.map(|t| t.all).unwrap_or_default() {
        match tombstone::removed(table, name, lowering) {
            Some(Tombstone::One(one)) => removed.push(*one),
            Some(Tombstone::List(path, list)) => lists.csv(&path, None, Some(list), lowering),
            None => {}
        }
    }
    let sending = raw.sending_domains.map(|map| map.all).unwrap_or_default();
    let smtp = raw.smtp_users.map(|map| map.all).unwrap_or_default();
    Some(DeclaredTenant {
        tenant: own_table(name, table, lowering)?,
        defaults: raw.defaults.map(defaults).unwrap_or_default(),
        password_policy: raw.password_policy.map(password_policy),
        domains,
        sending_domains: sending.into_iter().map(|(name, t)| (name.clone(), SendingDomain { name, at: t.at })).collect(),
        smtp_users: smtp.into_iter().map(|(name, t)| (name.0.clone(), smtp_user(name.0, t))).collect(),
        removed,
        renamed: raw.renamed.map(|t| t.all).unwrap_or_default().into_iter().filter_map(tombstone::renamed).collect(),
        lists: lists.all,
    })
}

fn own_table(name: &TenantName, raw: TenantTable, lowering: &mut Lowering<'_>) -> Option<Tenant> {
    if let Some(written) = raw.name.filter(|written| written.value != *name) {
        let title = format!("the tenant is called {} here and {name} by its file", written.value);
        let finding = rules::TENANT_NAME.finding(title).at(written.span, format!("the file says {name}"));
        lowering.push(finding.replace(format!("write \"{name}\", or rename the file"), written.span, format!("\"{name}\"")));
    }
    let provider = raw.provider?;
    Some(Tenant {
        name: name.clone(),
        at: raw.at,
        inbound: provider.inbound?.placed(),
        outbound: provider.outbound?.placed(),
        remote: raw.remote.and_then(|r| r.id).map(At::placed),
        create: placed(raw.create),
        authority: placed(raw.authority),
    })
}

/// A password policy of a tenant or of defaults.
#[must_use]
pub fn password_policy(raw: PasswordPolicyTable) -> PasswordPolicy {
    PasswordPolicy {
        at: raw.at,
        min_length: number(raw.min_length),
        upper: placed(raw.upper),
        lower: placed(raw.lower),
        digit: placed(raw.digit),
        special: placed(raw.special),
        generated_length: number(raw.generated_length),
        generated_special: placed(raw.generated_special),
    }
}

fn smtp_user(name: String, raw: SmtpUserTable) -> SmtpUser {
    SmtpUser {
        name,
        at: raw.at,
        domain: placed(raw.domain),
        label: placed(raw.label),
        username: placed(raw.username),
        durable: raw.credential.as_ref().is_some_and(SinkTable::is_durable),
        credential: raw.credential.and_then(SinkTable::reference).map(At::placed),
    }
}

/// The lists of a tenant as they are gathered; one file is named once.
struct Lists {
    all: Vec<RowSource>,
}

impl Lists {
    fn csv(&mut self, path: &At<FilePath>, domain: Option<&DomainName>, tombstone: Option<TombstoneList>, lowering: &mut Lowering<'_>) {
        let file = path.value.path.clone();
        if let Some(same) = self.all.iter().find(|list| list.csv && list.file == file) {
            let finding = rules::NAMED_TWICE.finding(format!("{file} is named twice"));
            let finding = finding.at(path.span, "again here").also(same.named_at, "first here");
            lowering.push(finding.fix("name it once; `[tenant] users_from` sends rows to the domain of their address"));
            return;
        }
        self.all.push(RowSource { file, csv: true, ranges: Vec::new(), domain: domain.cloned(), named_at: path.span, tombstone });
    }
}
