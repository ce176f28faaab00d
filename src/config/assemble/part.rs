//! Single files: the text in, raw tables or lowered values out, with findings.

use super::roles::WORKSPACE_FILE;
use crate::base::{FileId, Findings, TenantName};
use crate::config::declared::Workspace;
use crate::config::head_text::HeadText;
use crate::config::lower::{self, Lowering};
use crate::config::raw::{ApprovalsFile, TenantFile, WorkspaceFile, tenant_file as raw_tenant, workspace_file as raw_workspace};
use crate::config::reading::{Part, Reading, syntax};
use crate::config::rules;
use crate::config::value::marker::SCHEMA;
use crate::model::{Approval, Approvals};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// One file of a tenant, read but not yet added to its others.
#[derive(Debug, Clone, PartialEq)]
pub struct TenantPart {
    /// The file.
    pub file: FileId,
    /// Its name relative to the workspace.
    pub name: String,
    /// Its tables; `None` where its syntax is broken.
    pub raw: Option<TenantFile>,
    /// The stretches of its `[[users]]` tables, in bytes.
    pub ranges: Vec<Range<u64>>,
}

/// `mailwright.toml`.
#[must_use]
pub fn workspace(file: FileId, text: &str) -> (Workspace, Findings) {
    let head = HeadText::new_whole(file, text.to_owned());
    let mut cx = Reading::new(&head, WORKSPACE_FILE, None);
    cx.known = raw_workspace::KNOWN;
    let raw = read::<WorkspaceFile>(&mut cx);
    (raw.map(lower::workspace::workspace).unwrap_or_default(), cx.findings)
}

/// One file of a tenant.
#[must_use]
pub fn tenant_file(head: &HeadText, name: &str, tenant: &TenantName, ranges: Vec<Range<u64>>) -> (TenantPart, Findings) {
    let mut cx = Reading::new(head, name, Some(tenant));
    cx.known = raw_tenant::KNOWN;
    let raw = read::<TenantFile>(&mut cx);
    (TenantPart { file: head.file, name: name.to_owned(), raw, ranges }, cx.findings)
}

/// One file of approvals.
#[must_use]
pub fn approvals(file: FileId, name: &str, text: &str) -> (Approvals, Findings) {
    let head = HeadText::new_whole(file, text.to_owned());
    let mut cx = Reading::new(&head, name, None);
    let raw = read::<ApprovalsFile>(&mut cx);
    let mut lowering = Lowering { tenant: None, findings: cx.findings };
    let tables = raw.and_then(|raw| raw.approvals).map(|t| t.all).unwrap_or_default();
    let all: Vec<Approval> = tables.into_iter().filter_map(|table| lower::approvals::approval(table, &mut lowering)).collect();
    (Approvals { all }, lowering.findings)
}

/// Parses and reads a file's tables. A file of another version is not read further: its words may mean something else.
fn read<T: Part>(cx: &mut Reading<'_>) -> Option<T> {
    let document = syntax::parse(cx)?;
    if !document.get_ref().contains_key("schema") {
        let misspelt = document.get_ref().iter().any(|(_, v)| v.get_ref().as_str().is_some_and(|t| t.starts_with("mailwright/")));
        let start = first_line(cx);
        let finding = rules::SCHEMA_LINE.finding("the file does not say which format it is written in").at(start, "the first line");
        let line = format!("schema = \"{SCHEMA}\"");
        let fix = format!("open the file with `{line}`");
        let before = cx.span(0..0);
        cx.push(if misspelt { finding.fix(fix) } else { finding.replace(fix, before, format!("{line}\n\n")) });
    }
    let newer = other_version(document.get_ref());
    let root = toml::Spanned::new(document.span(), DeValue::Table(document.into_inner()));
    if newer {
        let table = root.get_ref().as_table()?;
        let _refused: Option<crate::config::value::Marker> = cx.key(table, "schema");
        return None;
    }
    T::read(&root, cx)
}

fn first_line(cx: &Reading<'_>) -> crate::base::Span {
    let line = syntax::line_at(&cx.head.text, 0);
    cx.span(line)
}

fn other_version(document: &DeTable<'_>) -> bool {
    document.get("schema").and_then(|v| v.get_ref().as_str()).is_some_and(|text| text.starts_with("mailwright/") && text != SCHEMA)
}
