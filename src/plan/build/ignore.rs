//! `[[ignore]]`: objects that a person took out of the planner's hands on purpose (S17.2).

use crate::model::Key;
use crate::plan::build::ground::Ground;

impl Ground<'_> {
    /// Whether a pattern `kind/name` with `*` as wildcard matches the object.
    pub(super) fn is_ignored(&self, key: &Key) -> bool {
        !self.policy.ignore.is_empty() && {
            let text = key.to_string();
            self.policy.ignore.iter().any(|i| matches(&i.pattern, &text))
        }
    }
}

/// `*` stands for any number of characters; everything else for itself. Linear in the text for each star.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_match_anything_and_the_rest_itself() {
        assert!(matches("user/*@old.example", "user/bob@old.example"));
        assert!(matches("user/b*b@*", "user/bob@old.example"));
        assert!(matches("domain/x.example", "domain/x.example"));
        assert!(matches("*", "user/a@b.example"));
        assert!(!matches("user/*@old.example", "user/bob@new.example"));
        assert!(!matches("domain/x.example", "domain/x.example.org"));
        assert!(!matches("ab*ba", "aba"));
    }
}
