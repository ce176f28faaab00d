//! Sizes: a file with its tests wishes 300 lines and fails at 500, a function wishes 40 and fails at 70.
//!
//! The exemption lists are a ratchet: an entry states the size that is tolerated, nothing may grow beyond it, and one
//! that is no longer needed fails until it is removed. A function counts from `fn` to its closing brace; closures and
//! doc comments do not count on their own.

use crate::source::{self, Breach, Source};

const FILE_WISH: usize = 300;
const FILE_LIMIT: usize = 500;
const FUNCTION_WISH: usize = 40;
const FUNCTION_LIMIT: usize = 70;

/// Something larger than its limit that is tolerated for now: file, function (empty: the file itself), most lines.
type Exemption = (&'static str, &'static str, usize);

/// May only shrink.
const EXEMPT: &[Exemption] = &[];

/// Everything too large, and every exemption that does not fit any more.
pub fn check(sources: &[Source], exempt: &[Exemption]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut used = vec![false; exempt.len()];
    for source in sources {
        let file = (String::new(), 1, source.text.lines().count(), FILE_LIMIT);
        let functions = source.facts.functions.iter().map(|f| (f.name.clone(), f.line, f.lines, FUNCTION_LIMIT));
        for (name, line, lines, limit) in std::iter::once(file).chain(functions).filter(|(.., lines, limit)| lines > limit) {
            let what = if name.is_empty() { "the file".to_owned() } else { format!("fn {name}") };
            match exempt.iter().position(|(path, function, _)| *path == source.path && *function == name) {
                None => breaches.push(source.breach(line, format!("{what} has {lines} lines, at most {limit}: split it"))),
                Some(at) => {
                    used[at] = true;
                    let most = exempt[at].2;
                    if lines > most {
                        breaches.push(source.breach(line, format!("{what} has grown to {lines} lines; its exemption ends at {most}")));
                    }
                }
            }
        }
    }
    for ((path, function, _), _) in exempt.iter().zip(used).filter(|(_, used)| !used) {
        let what = format!("`{path}` `{function}` is small enough or gone: remove it from the list");
        breaches.push(Breach { file: "tests/tidy/sizes.rs".to_owned(), line: 1, what });
    }
    breaches
}

#[test]
fn files_and_functions_stay_small() {
    source::none(&check(source::house(), EXEMPT));
}

/// No judgement: `cargo test --test tidy wishes -- --nocapture` shows what to look at next.
#[test]
fn wishes_are_counted() {
    let house = source::house();
    let large: Vec<&Source> = house.iter().filter(|s| s.text.lines().count() > FILE_WISH).collect();
    let functions: Vec<(&Source, &crate::facts::Function)> =
        house.iter().flat_map(|s| s.facts.functions.iter().map(move |f| (s, f))).collect();
    let long: Vec<_> = functions.iter().filter(|(_, f)| f.lines > FUNCTION_WISH).collect();
    println!("{} of {} files have more than {FILE_WISH} lines:", large.len(), house.len());
    large.iter().for_each(|s| println!("  {} {}", s.path, s.text.lines().count()));
    println!("{} of {} functions have more than {FUNCTION_WISH} lines:", long.len(), functions.len());
    long.iter().for_each(|(s, f)| println!("  {}:{} {} {}", s.path, f.line, f.name, f.lines));
    assert!(!functions.is_empty(), "no function was read: the limits would judge nothing");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        format!("struct S;\nimpl S {{\n    /// Doc.\n    pub fn f() {{{}    }}\n}}\n", "\n".repeat(lines - 1))
    }

    #[test]
    fn the_limit_itself_passes_and_one_more_fails() {
        let text = function(FUNCTION_LIMIT);
        assert!(check(&source::planted(&[("src/x/y.rs", &text)]), &[]).is_empty());
        let text = function(FUNCTION_LIMIT + 1);
        let found = check(&source::planted(&[("src/x/y.rs", &text)]), &[]);
        assert_eq!(found[0].to_string(), "src/x/y.rs:4: fn S::f has 71 lines, at most 70: split it");
        assert!(check(&source::planted(&[("src/x/y.rs", &"\n".repeat(FILE_LIMIT))]), &[]).is_empty());
        assert_eq!(check(&source::planted(&[("tests/y.rs", &"\n".repeat(FILE_LIMIT + 1))]), &[]).len(), 1);
    }

    #[test]
    fn the_list_may_only_shrink() {
        let files = |lines| source::planted(&[("src/x/y.rs", &function(lines))]);
        let list: &[Exemption] = &[("src/x/y.rs", "S::f", 80)];
        assert!(check(&files(80), list).is_empty());
        assert!(check(&files(81), list)[0].what.contains("has grown to 81"));
        assert!(check(&files(70), list)[0].what.contains("remove it from the list"));
    }
}
