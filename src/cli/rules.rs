//! All rules of the house, from the tables that each room keeps.

use crate::base::rule_doc::RuleDoc;

/// Every rule, sorted by id.
#[must_use]
pub fn all() -> Vec<&'static RuleDoc> {
    let mut all: Vec<&'static RuleDoc> = tables().into_iter().flatten().collect();
    all.sort_by_key(|doc| doc.id);
    all
}

fn tables() -> Vec<&'static [RuleDoc]> {
    Vec::new()
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
