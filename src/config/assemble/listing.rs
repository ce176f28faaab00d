//! What the listing of a workspace has that nobody reads.

use super::roles::{Role, role};
use crate::base::{FileId, Finding, Findings, Span, TenantName};
use crate::config::declared::{Declared, RowSource};
use crate::config::rules;
use std::collections::BTreeSet;

/// A list that is named and is not there (or cannot be read): an error, because a list that is not read looks empty.
#[must_use]
pub fn missing_list(list: &RowSource, tenant: &TenantName) -> Finding {
    let finding = rules::LIST_MISSING.finding(format!("{} is not there", list.file)).at(list.named_at, "named here");
    finding
        .note("paths are relative to the file that names them")
        .fix(format!("put the list at {}, or correct the path", list.file))
        .of(tenant)
}

/// A warning for each CSV in the listing that no file names. `names` are all files of the workspace with their ids.
#[must_use]
pub fn unused_csv<'n>(declared: &Declared, names: impl IntoIterator<Item = (FileId, &'n str)>) -> Findings {
    let named: BTreeSet<&str> =
        declared.tenants.values().flat_map(|t| &t.lists).filter(|list| list.csv).map(|list| list.file.as_str()).collect();
    let mut findings = Findings::new();
    for (file, name) in names {
        if role(name) != Role::Csv || named.contains(name) {
            continue;
        }
        let finding = rules::CSV_UNUSED.finding(format!("{name} is named by no file, so its users are not read"));
        let finding = finding.at(Span::new(file, 0..0), "not read");
        findings.push(finding.fix("name it by `from` or `users_from`, or remove it"));
    }
    findings
}
