//! The data of the exam: chapters of states, each state a tenant file and what must be live after it.

use jiff::{Span, Timestamp, tz::TimeZone};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;

/// A file of `tests/exam/`: states, one after another, from an empty panel.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// What it is about.
    pub about: String,
    pub states: Vec<State>,
    /// The file's name without its end.
    #[serde(skip)]
    pub name: String,
}

/// A state to move to. `text` is the tenant file without its `[tenant]` table.
///
/// In texts `{local}` stands for the keys of a domain whose users the panel keeps, `{today}` and `{today+30}` for days.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub name: String,
    pub text: String,
    /// More lines of `[tenant]`.
    #[serde(default)]
    pub tenant: String,
    /// More of `mailwright.toml`.
    #[serde(default)]
    pub workspace: String,
    /// Files beside the tenant file.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Rows that differ by a number, put behind `text`: `{n}` is the number.
    #[serde(default)]
    pub rows: Option<Rows>,
    /// Days that pass before.
    #[serde(default)]
    pub days: i64,
    /// Hours that may pass before all of it shows, on a panel that acts later.
    #[serde(default)]
    pub shows_within: i64,
    /// How many times it is applied, where what one plan lets go is another plan.
    #[serde(default = "once")]
    pub applies: usize,
    /// Whether it is also reached while requests are spoiled.
    #[serde(default)]
    pub faults: bool,
    /// The tenant file of somebody else, who was there after our reads were kept and before we act on them.
    #[serde(default)]
    pub meanwhile: Option<String>,
    /// What must be live beside what is declared: more objects, or these values of attributes. An object with an attribute
    /// `gone = true` must not be there although it is declared.
    #[serde(default)]
    pub live: BTreeMap<String, BTreeMap<String, Json>>,
}

/// Rows of a number.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    pub text: String,
    pub from: u32,
    pub to: u32,
}

fn once() -> usize {
    1
}

impl State {
    /// Whether it says of objects that an earlier state made.
    pub fn builds_on_before(&self) -> bool {
        !self.live.is_empty() || self.text.contains("[[removed]]") || self.text.contains("[[renamed]]")
    }
    /// What somebody else brought it to.
    pub fn meanwhile(&self) -> Option<State> {
        let text = self.meanwhile.clone()?;
        let (live, rows) = (BTreeMap::new(), None);
        Some(State { name: format!("{}, meanwhile", self.name), text, live, rows, meanwhile: None, ..self.clone() })
    }
    /// The text with rows; places are not filled yet.
    pub fn whole_text(&self) -> String {
        let rows = self.rows.iter().flat_map(|rows| (rows.from..=rows.to).map(|n| rows.text.replace("{n}", &n.to_string())));
        rows.fold(self.text.clone(), |text, row| text + "\n" + &row)
    }
}

/// Fills the places of a text.
pub fn filled(text: &str, local: &str, now: Timestamp) -> String {
    let mut out = text.replace("{local}", local);
    while let Some(at) = out.find("{today") {
        let end = at + out[at..].find('}').expect("a place is closed");
        let days: i64 = out[at + "{today".len()..end].parse().unwrap_or(0);
        let day = now.to_zoned(TimeZone::UTC).date().checked_add(Span::new().days(days)).expect("a day");
        out.replace_range(at..=end, &day.to_string());
    }
    out
}

/// All chapters, in the order of their names.
pub fn all() -> Vec<Chapter> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exam");
    let files = std::fs::read_dir(&folder).expect("the data of the exam").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).expect("a chapter");
        let chapter: Chapter = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Chapter { name: path.file_stem().expect("a name").to_string_lossy().into_owned(), ..chapter }
    };
    files.iter().map(read).collect()
}
