//! From a source to heads: lists files, streams the large ones through the splitter, hands the texts to the decoders.

use crate::base::limits::HEAD_BYTES;
use crate::base::nearest::nearest;
use crate::base::{Address, DomainName, FileId, Finding, Findings, RuleId, Severity, TenantName};
use crate::config::{self, Declared, Role, Splitter, TenantText};
use crate::model::Fault;
use crate::plan::Selector;
use crate::port::{Source, SourceFile};
use crate::resolve::{self, Heads};
use std::collections::BTreeSet;

/// Bytes read at once while a file is cut.
const CHUNK: u64 = 1 << 20;
/// A selector or tenant name of the command line that fits nothing.
pub const NO_SUCH_TENANT: RuleId = RuleId("MW0501");
/// A selector of the command line that cannot be read.
pub const BAD_SELECTOR: RuleId = RuleId("MW0502");

/// A workspace, loaded: everything but rows.
pub struct Loaded {
    /// What the files say.
    pub declared: Declared,
    /// The tenants that could be resolved.
    pub heads: Vec<Heads>,
    /// File names by [`FileId`].
    pub files: Vec<String>,
    /// Findings of syntax and heads.
    pub findings: Findings,
    /// Every tenant that has a file, also one whose files are broken: it has not vanished (S9.1).
    pub named: BTreeSet<TenantName>,
}

/// Loads a workspace.
///
/// # Errors
/// [`Fault`] where it cannot be read at all.
pub fn load(source: &dyn Source) -> Result<Loaded, Fault> {
    let listed = source.list()?;
    let mut files: Vec<String> = listed.iter().map(|f| f.name.clone()).collect();
    let (declared, mut findings) = texts(source, &listed)?;
    // lists may lie anywhere in the workspace; they get their numbers behind the listed files
    for list in declared.tenants.values().flat_map(|t| &t.lists) {
        if !files.contains(&list.file) && source.read(&list.file, 0..1, &mut Vec::new()).is_ok() {
            files.push(list.file.clone());
        }
    }
    let (heads, found) = resolve::heads(&declared);
    findings.append(found);
    let heads = heads.into_iter().filter(|h| !findings.stops(h.name())).collect();
    let named = listed.iter().filter_map(|file| tenant_of(&file.name)).collect();
    Ok(Loaded { declared, heads, files, findings, named })
}

fn tenant_of(file: &str) -> Option<TenantName> {
    match config::role(file) {
        Role::Tenant { name, .. } => Some(name),
        Role::Workspace | Role::BadTenant { .. } | Role::Approvals | Role::Csv | Role::Other => None,
    }
}

fn texts(source: &dyn Source, listed: &[SourceFile]) -> Result<(Declared, Findings), Fault> {
    let mut findings = Findings::new();
    let (mut workspace, mut approvals, mut tenants) = (None, Vec::new(), Vec::new());
    for (id, file) in listed.iter().enumerate() {
        let id = FileId(u32::try_from(id).unwrap_or(u32::MAX));
        match config::role(&file.name) {
            Role::Workspace => workspace = small(source, file, id, &mut findings)?.map(|text| (id, text)),
            Role::Approvals => approvals.extend(small(source, file, id, &mut findings)?.map(|text| (id, file.name.as_str(), text))),
            Role::Tenant { .. } | Role::BadTenant { .. } => tenants.extend(cut(source, file, id, &mut findings)?),
            Role::Csv | Role::Other => {}
        }
    }
    let approvals: Vec<(FileId, &str, &str)> = approvals.iter().map(|(id, name, text)| (*id, *name, text.as_str())).collect();
    let (declared, found) = config::assemble(workspace.as_ref().map(|(id, text)| (*id, text.as_str())), tenants, &approvals);
    findings.append(found);
    let ids = listed.iter().enumerate().map(|(id, file)| (FileId(u32::try_from(id).unwrap_or(u32::MAX)), file.name.as_str()));
    findings.append(config::unused_csv(&declared, ids));
    Ok((declared, findings))
}

/// A file that is never large, whole; checked and cleaned like the others.
fn small(source: &dyn Source, file: &SourceFile, id: FileId, findings: &mut Findings) -> Result<Option<String>, Fault> {
    if file.len > HEAD_BYTES as u64 {
        return Err(Fault::Local { text: format!("{}: larger than {HEAD_BYTES} bytes", file.name) });
    }
    let mut bytes = Vec::new();
    source.read(&file.name, 0..HEAD_BYTES as u64, &mut bytes)?;
    Ok(config::text_of(bytes, id, findings))
}

/// A tenant file of any size, cut into head and stretches of users. `None`: a finding says why it is not read on.
fn cut(source: &dyn Source, file: &SourceFile, id: FileId, findings: &mut Findings) -> Result<Option<TenantText>, Fault> {
    let mut found = Findings::new();
    let mut splitter = Splitter::new(id);
    let (mut buffer, mut at) = (Vec::new(), 0);
    loop {
        source.read(&file.name, at..at + CHUNK, &mut buffer)?;
        if buffer.is_empty() {
            break;
        }
        splitter.feed(&buffer, &mut found);
        at += buffer.len() as u64;
    }
    let split = splitter.finish(&mut found);
    findings.append(match tenant_of(&file.name) {
        Some(tenant) => found.of(&tenant),
        None => found,
    });
    Ok(split.whole.then(|| TenantText { name: file.name.clone(), head: split.head, ranges: split.ranges }))
}

/// Findings for tenants of the command line that are not declared, with the nearest name.
pub fn unknown_tenants(loaded: &Loaded, asked: &[String], findings: &mut Findings) {
    let names = || loaded.named.iter().map(TenantName::as_str);
    for name in asked.iter().filter(|a| !names().any(|n| n == a.as_str())) {
        let finding = Finding::new(NO_SUCH_TENANT, Severity::Error, format!("no tenant `{name}` is declared in this workspace"));
        let all: Vec<&str> = names().collect();
        findings.push(match nearest(name, names()) {
            Some(near) => finding.fix(format!("did you mean `{near}`?")),
            None => finding.fix(format!("declared are: {}", all.join(", "))),
        });
    }
}

/// Selectors of the command line.
///
/// # Errors
/// A finding for each that cannot be read.
pub fn selectors(texts: &[String]) -> Result<Vec<Selector>, Findings> {
    let mut findings = Findings::new();
    let mut all = Vec::new();
    for text in texts {
        match Selector::parse(text) {
            Ok(selector) => all.push(selector),
            Err(error) => {
                let finding = Finding::new(BAD_SELECTOR, Severity::Error, error.to_string());
                findings.push(finding.fix(meant(text)));
            }
        }
    }
    if findings.is_empty() { Ok(all) } else { Err(findings) }
}

/// What somebody who wrote a bare name meant.
fn meant(text: &str) -> String {
    if Address::parse(text).is_ok() {
        format!("did you mean user/{text}?")
    } else if text.contains('.') && DomainName::parse(text).is_ok() {
        format!("did you mean domain/{text}?")
    } else {
        "write kind/name, for example user/bob@acme.example or domain/*".to_owned()
    }
}
