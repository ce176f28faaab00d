//! Typical mistakes in TOML and CSV, as data: the finding stands at the marked place and its words name the fix.
//!
//! A file of `tests/data/mistakes` opens with `fix:` and a part of what the finding must say; then come files below
//! `--- NAME`. A `‸` stands before the place that must be shown. `mailwright.toml` is added where it is not given.

use crate::support::engine::{engine, workspace};
use mailwright::base::Severity;
use mailwright::engine::{Planned, Wish};
use mailwright::store::MemorySource;
use std::collections::BTreeMap;

const MARK: char = '‸';

struct Mistake {
    fix: String,
    at: Position,
    files: BTreeMap<String, String>,
}

fn read(text: &str) -> Mistake {
    let (head, rest) = text.split_once("\n--- ").expect("a file after the head");
    let mut files = BTreeMap::from([("mailwright.toml".to_owned(), workspace("http://127.0.0.1:1/v1"))]);
    let mut at = None;
    for part in rest.split("\n--- ") {
        let (name, text) = part.split_once('\n').expect("a name and a text");
        let text = format!("{}\n", text.trim_end_matches('\n'));
        if let Some((before, _)) = text.split_once(MARK) {
            let line = before.matches('\n').count() as u32 + 1;
            let column = before.rsplit('\n').next().unwrap_or("").chars().count() as u32 + 1;
            at = Some((name.to_owned(), line, column));
        }
        files.insert(name.to_owned(), text.replace(MARK, ""));
    }
    let fix = head.strip_prefix("fix:").expect("fix first").trim().to_owned();
    Mistake { fix, at: at.expect("a marked place"), files }
}

/// File, line and column.
type Position = (String, u32, u32);

/// All that a finding says, in one text, and where.
fn said(planned: &Planned) -> Vec<(Option<Position>, String)> {
    let told = planned.findings.sorted().into_iter().filter(|f| f.severity != Severity::Note).map(|f| {
        let place = f.at.as_ref().and_then(|l| planned.excerpts.get(&l.span)).map(|e| (e.file.clone(), e.line, e.column));
        let fix = f.fix.as_ref().map(|f| format!("{} {}", f.text, f.replace.as_ref().map_or("", |(_, t)| t))).unwrap_or_default();
        (place, format!("{} {} {} {} {fix}", f.rule, f.title, f.at.as_ref().map_or("", |l| &l.text), f.notes.join(" ")))
    });
    told.collect()
}

#[tokio::test]
async fn typical_mistakes_are_told_at_the_right_place_with_the_right_fix() {
    let folder = crate::support::binary::repository("tests/data/mistakes");
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 40, "{}", names.len());
    let mut wrong = Vec::new();
    for path in names {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mistake = read(&std::fs::read_to_string(&path).unwrap());
        let memory = tempfile::tempdir().unwrap();
        let planned = engine(MemorySource::new(mistake.files), "t", memory.path(), "r").validate(&Wish::default()).await;
        let said = said(&planned);
        let right = said.iter().any(|(at, text)| at.as_ref() == Some(&mistake.at) && text.contains(&mistake.fix));
        if !right {
            wrong.push(format!("{name}: wanted {:?} with `{}`, got {:?} {said:#?}", mistake.at, mistake.fix, planned.fault));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
