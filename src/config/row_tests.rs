//! What the tests of rows share: a row and a finding as one line of text.

use crate::base::Finding;
use crate::base::span::Span;
use crate::config::rows::{Cell, RawRow};
use std::fmt::Write as _;

/// `address line:column key=value …`.
pub(crate) fn row_text(file: &[u8], row: &RawRow<'_>) -> String {
    let start = point(file, row.place.offset());
    let mut out = format!("{} {start}", row.address.as_ref().map_or("?", |c| &c.text));
    let mut put = |name: &str, cell: &Option<Cell<'_>>| {
        if let Some(cell) = cell {
            let _ = write!(out, " {name}={}", cell.text);
        }
    };
    put("first", &row.first_name);
    put("last", &row.last_name);
    if let Some(aliases) = &row.aliases {
        let texts: Vec<&str> = aliases.iter().map(|a| &*a.text).collect();
        let _ = write!(out, " aliases=[{}]", texts.join(" "));
    }
    let mut put = |name: &str, cell: &Option<Cell<'_>>| {
        if let Some(cell) = cell {
            let _ = write!(out, " {name}={}", cell.text);
        }
    };
    put("kind", &row.kind);
    put("status", &row.status);
    put("group", &row.group);
    put("previous", &row.previous_address);
    if let Some(password) = &row.password {
        let source = match password.source {
            super::rows::PasswordSource::Env => "env",
            super::rows::PasswordSource::File => "file",
            super::rows::PasswordSource::Invite => "by",
        };
        let _ = write!(out, " password={source} {}", password.from.text);
        if let Some(rotate) = &password.rotate {
            let _ = write!(out, " rotate={}", rotate.text);
        }
    }
    out
}

/// `MW0103 error 1:1-1:7 => replacement`, or `-- fix` where there is none.
pub(crate) fn finding_text(file: &[u8], finding: &Finding) -> String {
    let severity = match finding.severity {
        crate::base::Severity::Error => "error",
        crate::base::Severity::Warning => "warning",
        crate::base::Severity::Note => "note",
    };
    let mut out = format!("{} {severity} {}", finding.rule, finding.at.as_ref().map_or("?".into(), |l| place(file, l.span)));
    if let Some(fix) = &finding.fix {
        match &fix.replace {
            Some((span, with)) => {
                assert!(finding.at.as_ref().is_some_and(|at| span.range().start <= at.span.range().end), "the fix is elsewhere");
                let _ = write!(out, " => {with}");
            }
            None => {
                let _ = write!(out, " -- {}", fix.text);
            }
        }
    }
    out
}

/// `line:column-line:column`, columns in characters.
fn place(file: &[u8], span: Span) -> String {
    format!("{}-{}", point(file, span.range().start), point(file, span.range().end))
}

fn point(file: &[u8], offset: u64) -> String {
    let before = String::from_utf8_lossy(&file[..usize::try_from(offset).unwrap()]).into_owned();
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    format!("{}:{column}", before.matches('\n').count() + 1)
}
