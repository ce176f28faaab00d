//! Source files with their facts, where they lie, and breaches with the place to look at.
//!
//! A file is parsed once per test run. One that does not parse is a failure here, not a file that is left out.

use crate::facts::{self, Facts};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// One `.rs` file: its path from the root of the package with `/`, its text and what was read from it.
pub struct Source {
    pub path: String,
    pub text: String,
    pub facts: Facts,
}

/// One broken rule and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Breach {
    pub file: String,
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

impl Source {
    /// Reads facts from a text; `path` says which module it is.
    pub fn read(path: &str, text: &str) -> Self {
        let facts = facts::read(module_of(path), text).unwrap_or_else(|e| panic!("{path}:{}: does not parse: {e}", e.span().start().line));
        Self { path: path.to_owned(), text: text.to_owned(), facts }
    }
    /// A breach in this file.
    pub fn breach(&self, line: usize, what: impl Into<String>) -> Breach {
        Breach { file: self.path.clone(), line, what: what.into() }
    }
    /// The room under `src`: its first folder or file; `None` for the roots `lib.rs` and `main.rs` and outside of `src`.
    pub fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        match inside.split_once('/') {
            Some((room, _)) => Some(room),
            None => inside.strip_suffix(".rs").filter(|name| !matches!(*name, "lib" | "main")),
        }
    }
}

/// Marks files that a `#[cfg(test)] mod name;` elsewhere declares, with everything below them, as tests.
pub fn link(mut sources: Vec<Source>) -> Vec<Source> {
    let tests: Vec<Vec<String>> = sources.iter().flat_map(|s| s.facts.test_modules.clone()).collect();
    for source in &mut sources {
        if source.path.starts_with("src/") && tests.iter().any(|t| source.facts.module.starts_with(t)) {
            source.facts.all_test();
        }
    }
    sources
}

/// Planted sources for the checks' own tests: path and text each.
pub fn planted(files: &[(&str, &str)]) -> Vec<Source> {
    link(files.iter().map(|(path, text)| Source::read(path, text)).collect())
}

/// Every `.rs` file under `src`, `tests` and `benches`, each sorted by path, and `build.rs`.
pub fn house() -> &'static [Source] {
    static HOUSE: OnceLock<Vec<Source>> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let mut paths = Vec::new();
        for folder in ["src", "tests", "benches"] {
            walk(&root().join(folder), &mut paths);
        }
        paths.extend([root().join("build.rs")].into_iter().filter(|p| p.is_file()));
        paths.retain(|p| p.extension().is_some_and(|e| e == "rs"));
        link(paths.iter().map(|p| Source::read(&relative(p), &read(p))).collect())
    })
}

/// The files of [`house`] under `src`.
pub fn src() -> impl Iterator<Item = &'static Source> {
    house().iter().filter(|s| s.path.starts_with("src/"))
}

/// The root of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file's text.
pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The path from the root, with `/`.
pub fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// All files under a folder, sorted; none where the folder is missing. Build output and version control are left out.
pub fn walk(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.map(|e| e.expect("a folder of the package can be read").path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() && name != "target" && name != ".git" {
            walk(&path, into);
        } else if path.is_file() {
            into.push(path);
        }
    }
}

/// Fails with one line per breach.
pub fn none(breaches: &[Breach]) {
    let lines: Vec<String> = breaches.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{} broken house rule(s):\n{}", lines.len(), lines.join("\n"));
}

/// The module path of a file: `src/plan/join/mod.rs` is `plan::join`.
fn module_of(path: &str) -> Vec<String> {
    let Some(inside) = path.strip_prefix("src/").and_then(|p| p.strip_suffix(".rs")) else { return Vec::new() };
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

#[test]
fn rooms_and_modules_follow_from_paths() {
    let files = planted(&[("src/plan/join/mod.rs", ""), ("src/lib.rs", ""), ("src/route.rs", ""), ("tests/it/main.rs", "")]);
    let rooms: Vec<Option<&str>> = files.iter().map(Source::room).collect();
    assert_eq!(rooms, [Some("plan"), None, Some("route"), None]);
    assert_eq!(files[0].facts.module, ["plan", "join"]);
}

#[test]
fn the_house_is_found() {
    assert!(src().any(|s| s.path == "src/lib.rs"), "src/lib.rs was not read: every check would pass on nothing");
    assert!(house().len() > 10, "only {} files were read", house().len());
}
