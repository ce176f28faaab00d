//! The entry: texts in, [`Declared`] and findings out.

use super::part::{TenantPart, tenant_file};
use super::roles::{Role, role};
use crate::base::{FileId, Findings, Span, TenantName};
use crate::config::declared::{Declared, DeclaredTenant, RowSource};
use crate::config::head_text::HeadText;
use crate::config::lower::{self, Lowering};
use crate::config::reading::{Adding, Part};
use crate::config::rules;
use std::collections::BTreeMap;
use std::ops::Range;

/// A tenant file as the splitter gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantText {
    /// Its name relative to the workspace: `tenants/acme.toml` or `tenants/acme/any.toml`.
    pub name: String,
    /// What is left of it without its users.
    pub head: HeadText,
    /// The stretches of its `[[users]]` tables, in bytes of the file.
    pub ranges: Vec<Range<u64>>,
}

/// A workspace put together. `workspace` is `mailwright.toml`, `None` where there is none; `approvals` are the files of
/// `approvals/` with their names. The order of the texts is irrelevant (S5.4).
#[must_use]
pub fn assemble(
    workspace: Option<(FileId, &str)>,
    mut tenants: Vec<TenantText>,
    approvals: &[(FileId, &str, &str)],
) -> (Declared, Findings) {
    let mut declared = Declared::default();
    let mut findings = Findings::new();
    match workspace {
        None => findings.push(rules::NO_WORKSPACE.finding("there is no mailwright.toml here").fix(rules::NO_WORKSPACE.fix)),
        Some((file, text)) => {
            let (read, found) = super::part::workspace(file, text);
            // providers that were refused must not make every tenant wrong
            declared.workspace = read;
            findings.append(found);
        }
    }
    for (file, name, text) in approvals {
        let (read, found) = super::part::approvals(*file, name, text);
        declared.approvals.all.extend(read.all);
        findings.append(found);
    }
    declared.approvals.all.sort_by_key(|approval| approval.at);
    tenants.sort_by(|a, b| a.name.cmp(&b.name));
    for (name, files) in by_tenant(tenants, &mut findings) {
        if let Some(tenant) = one_tenant(&name, &files, &mut findings) {
            declared.tenants.insert(name, tenant);
        }
    }
    (declared, findings)
}

/// A file of a tenant, and whether it lies in the tenant's folder.
type Placed = (TenantText, bool);

fn by_tenant(texts: Vec<TenantText>, findings: &mut Findings) -> BTreeMap<TenantName, Vec<Placed>> {
    let mut tenants: BTreeMap<TenantName, Vec<Placed>> = BTreeMap::new();
    for text in texts {
        let start = Span::new(text.head.file, 0..0);
        match role(&text.name) {
            Role::Tenant { name, folder } => tenants.entry(name).or_default().push((text, folder)),
            Role::BadTenant { name, error } => {
                let refused = crate::config::value::scalar::name_refused(&name, &error.to_string());
                let finding = rules::NAME.finding(format!("{} cannot be a tenant's file: {error}", text.name)).at(start, "this file");
                findings.push(match refused.instead {
                    Some(instead) => finding.fix(format!("rename it to {instead}")),
                    None => finding.fix(refused.fix),
                });
            }
            Role::Workspace | Role::Approvals | Role::Csv | Role::Other => {
                let finding = rules::FILE_PLACE.finding(format!("{} is not a place of tenant files", text.name)).at(start, "this file");
                findings.push(finding.fix("move it to tenants/NAME.toml or tenants/NAME/"));
            }
        }
    }
    tenants
}

fn one_tenant(name: &TenantName, files: &[Placed], findings: &mut Findings) -> Option<DeclaredTenant> {
    let start = Span::new(files.first()?.0.head.file, 0..0);
    both_forms(name, files, findings);
    let mut parts = Vec::new();
    for (text, _) in files {
        let (part, found) = tenant_file(&text.head, &text.name, name, text.ranges.clone());
        findings.append(found);
        parts.push(part);
    }
    // a broken part may hold the table that seems to be missing
    let broken = parts.iter().any(|part| part.raw.is_none());
    let inline = parts.iter().filter_map(inline_rows).collect();
    let mut adding = Adding::new(Some(name));
    let whole = parts.into_iter().filter_map(|part| part.raw).reduce(|mut sum, part| {
        sum.add(part, &mut adding);
        sum
    })?;
    findings.append(adding.findings);
    if broken {
        return None;
    }
    let mut lowering = Lowering::of(name);
    let tenant = lower::tenant::tenant(name, whole, inline, start, &mut lowering);
    findings.append(lowering.findings);
    tenant
}

fn both_forms(name: &TenantName, files: &[Placed], findings: &mut Findings) {
    let file = files.iter().find(|(_, folder)| !folder);
    let inner = files.iter().find(|(_, folder)| *folder);
    if let (Some((file, _)), Some((inner, _))) = (file, inner) {
        let finding = rules::FILE_PLACE.finding(format!("tenant {name} has a file and a folder"));
        let finding = finding.at(Span::new(file.head.file, 0..0), "the file").also(Span::new(inner.head.file, 0..0), "in the folder");
        findings.push(finding.fix(format!("move {} into tenants/{name}/", file.name)).of(name));
    }
}

fn inline_rows(part: &TenantPart) -> Option<RowSource> {
    if part.ranges.is_empty() {
        return None;
    }
    Some(RowSource {
        file: part.name.clone(),
        csv: false,
        ranges: part.ranges.clone(),
        domain: None,
        named_at: Span::new(part.file, 0..0),
        tombstone: None,
    })
}
