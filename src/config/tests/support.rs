//! One `check` for all tables of mistakes: it knows the API, the tables know the mistakes.

use crate::base::{FileId, Finding, Findings, Place, TenantName};
use crate::config::{HeadText, TenantText, approvals, assemble, tenant_file, workspace};

/// A mistake: kind of file, text without the schema line, and what is found: `RULE line:column title`, then the fix.
pub struct Mistake {
    pub file: &'static str,
    pub text: &'static str,
    /// For each finding: rule, `line:column` of its place, a part of its title.
    pub found: &'static [(&'static str, &'static str, &'static str)],
    /// The first finding's fix: the text after replacement of the line, or a part of the words where nothing is replaced.
    pub fix: &'static str,
}

pub const OPEN: &str = "schema = \"mailwright/v1\"\n";

/// The findings of a file of the kind that its name tells.
pub fn findings(name: &str, text: &str) -> Findings {
    let (file, acme) = (FileId(0), TenantName::parse("acme").unwrap());
    match name {
        "mailwright.toml" => workspace(file, text).1,
        "approvals/a.toml" => approvals(file, name, text).1,
        _ => {
            let head = HeadText::new_whole(file, text.to_owned());
            let (_, found) = tenant_file(&head, name, &acme, Vec::new());
            if found.has_errors() {
                return found;
            }
            let edge = format!("{OPEN}[providers.edge]\ndriver = \"panel\"\nurl = \"embedded:p.db\"\n");
            assemble(Some((FileId(1), &edge)), vec![TenantText { name: name.into(), head, ranges: Vec::new() }], &[]).1
        }
    }
}

/// Line and column of a place, from one; columns count characters.
pub fn line_column(text: &str, place: Place) -> String {
    let before = &text[..usize::try_from(place.offset()).unwrap()];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{line}:{column}")
}

/// The line of the fix after replacement, else the words of the fix.
fn fixed(text: &str, finding: &Finding) -> String {
    let fix = finding.fix.as_ref().unwrap();
    let Some((span, with)) = &fix.replace else { return fix.text.clone() };
    let range = usize::try_from(span.range().start).unwrap()..usize::try_from(span.range().end).unwrap();
    let start = text[..range.start].rfind('\n').map_or(0, |n| n + 1);
    let end = text[range.end..].find('\n').map_or(text.len(), |n| range.end + n);
    format!("{}{with}{}", &text[start..range.start], &text[range.end..end])
}

/// Checks all mistakes of a table and shows all that differ.
pub fn check(mistakes: &[Mistake]) {
    let mut wrong = Vec::new();
    for mistake in mistakes {
        let text = format!("{OPEN}{}", mistake.text);
        let found = findings(mistake.file, &text);
        let sorted = found.sorted();
        let seen: Vec<(&str, String, String)> = sorted
            .iter()
            .map(|f| (f.rule.0, f.at.as_ref().map(|at| line_column(&text, at.span.place)).unwrap_or_default(), f.title.clone()))
            .collect();
        let same =
            seen.len() == mistake.found.len() && seen.iter().zip(mistake.found).all(|(s, m)| s.0 == m.0 && s.1 == m.1 && s.2.contains(m.2));
        let fix = sorted.first().map(|f| fixed(&text, f)).unwrap_or_default();
        let good_fix = sorted.first().is_some_and(|f| match f.fix.as_ref().is_some_and(|fix| fix.replace.is_some()) {
            true => fix == mistake.fix,
            false => fix.contains(mistake.fix),
        });
        if !same || !good_fix {
            wrong.push(format!("{text}found {seen:#?}\nfix {fix:?}, expected {:?}", mistake.fix));
        }
    }
    assert!(wrong.is_empty(), "{} mistakes differ:\n\n{}", wrong.len(), wrong.join("\n\n"));
}
