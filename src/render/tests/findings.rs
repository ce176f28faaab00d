//! How findings are drawn.

use super::golden::check;
use crate::base::span::{FileId, Span};
use crate::base::{Finding, Findings, RuleId, Severity};
use crate::render::findings::findings;
use crate::render::style::Styles;
use crate::render::{Excerpt, Excerpts, explain};

const FILE: &str = "[domains.\"acme.example\".directory]\nhost = \"dc1.acme.example\"\nport = 389\ntls = \"ldaps\"\n";

/// The span of a word of [`FILE`], and the excerpt around it: its line and one on either side.
fn mark(word: &str, lines: &mut Excerpts) -> Span {
    let start = FILE.find(word).unwrap();
    let span = Span::new(FileId(0), start..start + word.len());
    let line = FILE[..start].matches('\n').count();
    let first = line.saturating_sub(1);
    let from: usize = FILE.split_inclusive('\n').take(first).map(str::len).sum();
    let text: String = FILE.split_inclusive('\n').skip(first).take(line - first + 2).collect();
    let column = (start - FILE[..start].rfind('\n').map_or(0, |at| at + 1)) as u32 + 1;
    let mark = start - from..start - from + word.len();
    let (line, first_line) = (line as u32 + 8, first as u32 + 8);
    lines.insert(span, Excerpt { file: "tenants/acme.toml".into(), line, column, first_line, text, mark });
    span
}

fn some() -> (Findings, Excerpts) {
    let mut lines = Excerpts::new();
    let port = mark("389", &mut lines);
    let tls = mark("\"ldaps\"", &mut lines);
    let host = mark("\"dc1.acme.example\"", &mut lines);
    let mut all = Findings::new();
    all.push(
        Finding::new(RuleId("MW0103"), Severity::Error, "LDAPS port and TLS mode disagree")
            .at(port, "389 is the plain and StartTLS port")
            .also(tls, "because the TLS mode is ldaps")
            .note("LDAPS listens on 636 \u{1b}[31m")
            .replace("use the LDAPS port", port, "636"),
    );
    all.push(Finding::new(RuleId("MW0107"), Severity::Warning, "the host is not known").at(host, "").fix("check the name"));
    for i in 0..103 {
        all.push(Finding::new(RuleId("MW0201"), Severity::Error, format!("n{i:03}")));
    }
    let lost = Span::new(FileId(9), 3..4);
    all.push(Finding::new(RuleId("MW0300"), Severity::Note, "a file that is gone").at(lost, "here"));
    (all, lines)
}

#[test]
fn drawn_with_lines_reason_and_fix() {
    let (all, lines) = some();
    let text = findings(&all, &lines, Styles::plain(), 100);
    let shown: Vec<&str> = text.split("\n\n").filter(|part| !part.starts_with("error[MW0201]: n0") || part.contains("n000")).collect();
    check("findings.txt", &shown.join("\n\n"));
    assert!(text.contains("error[MW0201]: n099") && !text.contains("n100") && text.contains("a file that is gone"));
    assert!(text.contains("3 more findings") && text.contains("104 errors") && !text.contains('\u{1b}'));
    assert!(findings(&all, &lines, Styles::coloured(), 100).contains('\u{1b}'));
    assert_eq!(findings(&Findings::new(), &lines, Styles::plain(), 100), "");
}

#[test]
fn ranges_that_lie_do_no_harm() {
    let (all, mut lines) = some();
    for excerpt in lines.values_mut() {
        excerpt.text = "ü".into();
        excerpt.mark = 1..99;
    }
    assert!(findings(&all, &lines, Styles::plain(), 100).contains("MW0103"));
}

#[test]
fn a_rule_in_full() {
    let doc = crate::base::rule_doc::RuleDoc {
        id: RuleId("MW0103"),
        severity: Severity::Error,
        title: "LDAPS port and TLS mode disagree",
        doc: "A server that speaks LDAPS from the first byte listens on 636; 389 is for plain LDAP and StartTLS. With the wrong pair the connection hangs until its time is over.\n\nBoth are numbers of IANA.",
        example: "[domains.\"acme.example\".directory]\nport = 389\ntls = \"ldaps\"",
        fix: "Write `port = 636`, or `tls = \"starttls\"`.",
    };
    check("explain.txt", &explain::rule(&doc, Styles::plain(), 72));
    assert_eq!(explain::rules([&doc].into_iter(), Styles::plain()), "MW0103  error    LDAPS port and TLS mode disagree\n");
}
