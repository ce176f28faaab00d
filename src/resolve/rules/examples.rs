//! Every rule's example, read and resolved as a workspace: it breaks its own rule and no other.

use crate::base::{FileId, Findings, PrintKey, RuleDoc, RuleId};
use crate::config::{RowBlock, RowShape, Splitter, TenantText, assemble, csv_layout, tombstone_layout};
use crate::model::FieldMask;
use crate::resolve::{AllowedSecrets, Heads, RULES, Resolver, heads};
use std::collections::{BTreeMap, BTreeSet};

const WORKSPACE: &str = "schema = \"mailwright/v1\"\n\n[providers.edge]\ndriver = \"panel\"\nurl = \"embedded:panel.db\"\n";

/// Too large to be written down.
const NOT_WRITTEN: [&str; 1] = ["MW0234"];

/// The files of an example by name: each begins with a line `# NAME`; without one it is the tenant's file.
fn files_of(example: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::from([("mailwright.toml".to_owned(), WORKSPACE.to_owned())]);
    let mut name = "tenants/acme.toml".to_owned();
    for line in example.lines() {
        match line.strip_prefix("# ").filter(|n| n.ends_with(".toml") || n.ends_with(".csv")) {
            Some(next) => {
                name = next.to_owned();
                files.insert(name.clone(), String::new());
            }
            None => *files.entry(name.clone()).or_default() += &format!("{line}\n"),
        }
    }
    files
}

fn rows(heads: &Heads, allowed: AllowedSecrets, lists: &[crate::config::RowSource], files: &BTreeMap<String, String>) -> Findings {
    let mut resolver = Resolver::new(heads, FieldMask(0xff), PrintKey(1, 2)).with_secrets(allowed);
    let id = |name: &str| FileId(u32::try_from(files.keys().position(|n| n == name).unwrap()).unwrap());
    let mut findings = Findings::new();
    for list in lists {
        let (text, file) = (&files[&list.file], id(&list.file));
        let (shape, ranges) = if list.csv {
            let read = if list.tombstone.is_some() { tombstone_layout } else { csv_layout };
            let layout = read(text.as_bytes(), file, &mut findings).unwrap();
            let rows = layout.rows_from..text.len() as u64;
            (RowShape::Csv(layout), vec![rows])
        } else {
            (RowShape::Toml, list.ranges.clone())
        };
        for range in ranges {
            let block = RowBlock { file, offset: range.start, shape: &shape, domain: list.domain.as_ref() };
            let bytes = &text.as_bytes()[usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()];
            match &list.tombstone {
                Some(tombstone) => resolver.push_tombstones(&block, bytes, tombstone),
                None => resolver.push(&block, bytes),
            }
        }
    }
    findings.append(resolver.finish().map_or_else(|f| f, |(_, f)| f));
    findings
}

/// The rules that a workspace breaks, with all findings for a message.
fn broken(example: &str) -> (BTreeSet<RuleId>, String) {
    let files = files_of(example);
    let id = |name: &str| FileId(u32::try_from(files.keys().position(|n| n == name).unwrap()).unwrap());
    let mut findings = Findings::new();
    let mut texts = Vec::new();
    for (name, text) in files.iter().filter(|(name, _)| name.starts_with("tenants/") && name.ends_with(".toml")) {
        let mut splitter = Splitter::new(id(name));
        splitter.feed(text.as_bytes(), &mut findings);
        let split = splitter.finish(&mut findings);
        texts.push(TenantText { name: name.clone(), head: split.head, ranges: split.ranges });
    }
    let (declared, read) = assemble(Some((id("mailwright.toml"), &files["mailwright.toml"])), texts, &[]);
    findings.append(read);
    let (all, of_heads) = heads(&declared);
    findings.append(of_heads);
    let findings_so_far = findings.clone();
    for heads in all.iter().filter(|heads| !findings_so_far.stops(heads.name())) {
        let allowed = AllowedSecrets::from_policy(declared.workspace.allowed_secrets.as_deref());
        findings.append(rows(heads, allowed, &declared.tenants[heads.name()].lists, &files));
    }
    (
        findings.counts().keys().copied().collect(),
        findings.sorted().iter().map(|f| format!("{} {} {:?}\n", f.rule, f.title, f.at)).collect(),
    )
}

fn written() -> impl Iterator<Item = &'static RuleDoc> {
    RULES.iter().filter(|rule| !NOT_WRITTEN.contains(&rule.id.0))
}

#[test]
fn every_example_breaks_its_rule_and_no_other() {
    let mut wrong = String::new();
    for rule in written() {
        let (ids, all) = broken(rule.example);
        if ids != BTreeSet::from([rule.id]) {
            wrong += &format!("{}: {all}\n", rule.id);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_good_workspace_breaks_none() {
    let good = "schema = \"mailwright/v1\"\n\n[tenant]\nname = \"acme\"\nprovider = \"edge\"\n\n[domains.\"acme.example\"]\n\n\
                [[users]]\naddress = \"jane@acme.example\"\n";
    let (ids, all) = broken(good);
    assert!(ids.is_empty(), "{all}");
}
