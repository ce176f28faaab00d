//! All rules of the house, from the tables that each room keeps.

use crate::base::Severity;
use crate::base::rule_doc::RuleDoc;
use crate::engine::{load, validate};
use crate::{config, drivers, resolve};

/// Rules of what is asked for on the command line; the engine finds them.
const ASKED: &[RuleDoc] = &[
    RuleDoc {
        id: load::NO_SUCH_TENANT,
        severity: Severity::Error,
        title: "a tenant that is not declared was asked for",
        doc: "The command names a tenant that no file of the workspace declares, so there is nothing to plan for it.",
        example: "mailwright plan amce",
        fix: "Name a tenant as its file does, or leave the names out for all tenants.",
    },
    RuleDoc {
        id: load::BAD_SELECTOR,
        severity: Severity::Error,
        title: "a selector cannot be read",
        doc: "A selector is a kind and a name with `/` between them; `*` stands for anything.",
        example: "mailwright plan --only bob@acme.example",
        fix: "Write kind/name, for example `--only user/bob@acme.example` or `--exclude domain/*`.",
    },
    RuleDoc {
        id: validate::NO_SUCH_DRIVER,
        severity: Severity::Error,
        title: "a driver that this build does not have",
        doc: "A provider names the kind of its panel; the code for this kind is not in this build, so nothing can be read from it.",
        example: "[providers.edge]\ndriver = \"pannel\"",
        fix: "Write one of the names that `mailwright drivers` lists.",
    },
];

/// Every rule, sorted by id.
#[must_use]
pub fn all() -> Vec<&'static RuleDoc> {
    let mut all: Vec<&'static RuleDoc> = tables().into_iter().flatten().collect();
    all.sort_by_key(|doc| doc.id);
    all
}

fn tables() -> Vec<&'static [RuleDoc]> {
    let ours = [config::rule_docs(), config::csv_rules::ROW_RULES, resolve::rules::RULES, drivers::audit::RULES, ASKED];
    ours.into_iter().chain(drivers::REGISTRY.iter().map(|row| row.rules)).collect()
}

/// The ids nearest to a word, for "did you mean".
#[must_use]
pub fn nearest(id: &str) -> Option<&'static str> {
    let near = |doc: &&RuleDoc| strsim::osa_distance(doc.id.0, id);
    all().into_iter().filter(|d| near(d) <= 1).min_by_key(near).map(|d| d.id.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_of_one_form() {
        let all = all();
        for pair in all.windows(2) {
            assert_ne!(pair[0].id, pair[1].id);
        }
        for doc in &all {
            assert!(doc.id.0.len() == 6 && doc.id.0.starts_with("MW") && !doc.title.is_empty() && !doc.fix.is_empty(), "{}", doc.id);
        }
    }
}
