//! Floors and arrows: a room imports lower floors, and rooms of its own floor only along an arrow.
//!
//! Paths of `use` items, types, expressions, attributes and macro bodies count. Test code may import what it likes.
//! `lib.rs` and `main.rs` are roots and stand outside.

use crate::source::{self, Breach, Source};

/// Every room and its floor. A room that is not here is a breach: a new room needs a place in ARCHITECTURE.md.
const FLOORS: &[(&str, u8)] = &[
    ("base", 0),
    ("model", 1),
    ("wire", 1),
    ("config", 2),
    ("resolve", 2),
    ("plan", 2),
    ("render", 2),
    ("port", 3),
    ("http", 4),
    ("drivers", 4),
    ("store", 4),
    ("engine", 5),
    ("operator", 6),
    ("agent", 6),
    ("panel", 6),
    ("gateway", 6),
    ("cli", 7),
];

/// What a room may import of its own floor.
const ARROWS: &[(&str, &[&str])] =
    &[("resolve", &["config"]), ("plan", &["resolve", "config"]), ("render", &["plan", "resolve", "config"]), ("drivers", &["http"])];

/// Rooms that import these and nothing else, whatever the floor.
const ONLY: &[(&str, &[&str])] = &[("panel", &["wire", "base"])];

/// All that drivers may name of `plan`: what they carry out with its parts, and no judgement.
const DRIVERS_NAME_OF_PLAN: &[&str] = &["ApprovedPlan", "Batch", "Step", "StepId", "Action", "Change", "Precondition"];

/// The only places that import `wire`: one echo of the panel's API on each side.
const WIRE_READERS: &[&str] = &["src/wire", "src/panel", "src/drivers/panel"];

/// Faces: they call the engine and never a driver beside a plan.
const FACES: &[&str] = &["operator", "agent", "gateway"];

/// All breaches of floors and arrows.
pub fn check<'a>(sources: impl Iterator<Item = &'a Source>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for source in sources {
        let Some(room) = source.room() else { continue };
        let Some(floor) = floor(room) else {
            breaches.push(source.breach(1, format!("room `{room}` has no floor: add it to FLOORS and to ARCHITECTURE.md")));
            continue;
        };
        for path in source.facts.paths.iter().filter(|p| !p.test && p.what[0] == "crate") {
            if let Err(why) = may(source, room, floor, &path.what) {
                breaches.push(source.breach(path.line, format!("`{}`: {why}", path.what.join("::"))));
            }
        }
    }
    breaches
}

fn may(source: &Source, room: &str, floor_here: u8, path: &[String]) -> Result<(), String> {
    let Some(target) = path.get(1) else { return Err("name the room, not the crate".to_owned()) };
    let target = target.as_str();
    if target == room {
        return if room == "drivers" { own_driver(source, path) } else { Ok(()) };
    }
    let Some(floor_there) = floor(target) else { return Err(format!("`{target}` is no room: import from the room that has it")) };
    if let Some((_, only)) = ONLY.iter().find(|(name, _)| *name == room) {
        return if only.contains(&target) { Ok(()) } else { Err(format!("{room} imports {} and nothing else", only.join(" and "))) };
    }
    if target == "wire" && !WIRE_READERS.iter().any(|place| lies_in(&source.path, place)) {
        return Err("only drivers/panel and panel import wire".to_owned());
    }
    if target == "drivers" && FACES.contains(&room) {
        return Err("only the engine drives both a plan and a driver".to_owned());
    }
    if target == "plan" && room == "drivers" {
        return of_plan(path);
    }
    let arrow = ARROWS.iter().any(|(from, to)| *from == room && to.contains(&target));
    if floor_there < floor_here || arrow {
        return Ok(());
    }
    let same = if floor_there == floor_here { "there is no arrow to it" } else { "imports go down only" };
    Err(format!("{room} (floor {floor_here}) may not import {target} (floor {floor_there}): {same}"))
}

/// A driver names of `plan` a few types only: the first name with a capital letter tells which.
fn of_plan(path: &[String]) -> Result<(), String> {
    let named = path.iter().skip(2).find(|name| name.starts_with(char::is_uppercase));
    match named {
        Some(name) if DRIVERS_NAME_OF_PLAN.contains(&name.as_str()) => Ok(()),
        _ => Err(format!("drivers name only plan::{{{}}}", DRIVERS_NAME_OF_PLAN.join(", "))),
    }
}

/// A driver names of `drivers` only itself and the form of its row; the files directly in `src/drivers` name all.
fn own_driver(source: &Source, path: &[String]) -> Result<(), String> {
    let inside = source.path.trim_start_matches("src/drivers/");
    let Some((driver, _)) = inside.split_once('/') else { return Ok(()) };
    match path.get(2) {
        Some(name) if name == driver || name == "row" => Ok(()),
        Some(name) => Err(format!("driver `{driver}` may not name `{name}`: drivers never import each other")),
        None => Err(format!("driver `{driver}` may not import all of drivers")),
    }
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

fn lies_in(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/') || rest.starts_with(".rs"))
}

#[test]
fn imports_go_down_or_along_an_arrow() {
    source::none(&check(source::src()));
}

#[test]
fn every_room_that_exists_is_used_by_the_root() {
    let root = source::src().find(|s| s.path == "src/lib.rs").expect("src/lib.rs exists");
    for room in source::src().filter_map(Source::room) {
        let declared = root.text.contains(&format!("mod {room};"));
        assert!(declared, "src/lib.rs: room `{room}` lies under src and is not declared: its code is not compiled");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(path: &str, text: &str) -> Vec<String> {
        check(source::planted(&[(path, text)]).iter()).into_iter().map(|b| b.to_string()).collect()
    }

    #[test]
    fn each_breach_is_seen() {
        let breaches = [
            ("src/base/x.rs", "use crate::model::User;"),
            ("src/model/x.rs", "use crate::wire::Page;"),
            ("src/config/x.rs", "use crate::resolve::Desired;"),
            ("src/resolve/x.rs", "fn f() { crate::plan::build() }"),
            ("src/plan/x.rs", "fn f(x: super::super::render::View) {}"),
            ("src/plan/x.rs", "use crate::{base::Span, port::Driver};"),
            ("src/store/x.rs", "use crate::http::Client;"),
            ("src/http/x.rs", "use crate::drivers::REGISTRY;"),
            ("src/engine/x.rs", "use crate::wire::Page;"),
            ("src/drivers/modoboa/x.rs", "use crate::wire::Page;"),
            ("src/drivers/modoboa/x.rs", "use crate::drivers::memory::Memory;"),
            ("src/drivers/modoboa/x.rs", "use super::super::memory;"),
            ("src/drivers/memory/x.rs", "use crate::drivers;"),
            ("src/drivers/memory/x.rs", "use crate::plan::build;"),
            ("src/drivers/memory/x.rs", "use crate::plan::Verdict;"),
            ("src/drivers/memory/x.rs", "use crate::plan;"),
            ("src/drivers/memory/x.rs", "use crate::plan::*;"),
            ("src/panel/x.rs", "use crate::model::User;"),
            ("src/operator/x.rs", "use crate::gateway::serve;"),
            ("src/operator/x.rs", "use crate::drivers::REGISTRY;"),
            ("src/engine/x.rs", "fn f() { assert!(crate::cli::ok()) }"),
            ("src/plan/x.rs", "use crate as house;"),
            ("src/plan/x.rs", "use crate::Everything;"),
            ("src/cellar/x.rs", ""),
        ];
        for (path, text) in breaches {
            let found = why(path, text);
            assert_eq!(found.len(), 1, "{path} with `{text}`: {found:?}");
            assert!(found[0].starts_with(&format!("{path}:1: ")), "{found:?}");
        }
    }

    #[test]
    fn what_is_allowed_passes() {
        for (path, text) in [
            ("src/render/x.rs", "use crate::{plan::Plan, resolve::Desired, config::split, model::User, base::Span};"),
            ("src/drivers/modoboa/x.rs", "use crate::plan::{Step, Batch, step::ApprovedPlan}; use crate::http::Client; use super::api;"),
            ("src/drivers/registry.rs", "use crate::drivers::{memory, panel}; use crate::port::Driver;"),
            ("src/drivers/panel/x.rs", "use crate::wire::Page; use crate::drivers::row::DriverRow;"),
            ("src/panel/x.rs", "use crate::wire::Page; use crate::base::Clock; pub(crate) fn f() {}"),
            ("src/cli/x.rs", "use crate::{panel, engine, drivers, plan};"),
            ("src/lib.rs", "pub use crate::plan::Plan;"),
            ("src/drivers/memory/mod.rs", "macro_rules! m { () => { pub(super) fn f() {} pub(crate) fn g() {} } }"),
            ("src/base/x.rs", "//! See [`crate::plan`].\n#[cfg(test)] mod tests { use crate::plan::Plan; }"),
        ] {
            assert_eq!(why(path, text), Vec::<String>::new(), "{path} with `{text}`");
        }
    }

    #[test]
    fn a_test_module_in_a_file_of_its_own_is_exempt() {
        let files = [("src/base/mod.rs", "#[cfg(test)] mod tests;"), ("src/base/tests.rs", "use crate::plan::Plan;")];
        assert!(check(source::planted(&files).iter()).is_empty());
        let files = [("src/base/mod.rs", "mod tests;"), files[1]];
        assert_eq!(check(source::planted(&files).iter()).len(), 1);
    }
}
