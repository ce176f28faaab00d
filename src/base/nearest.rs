//! The word that somebody most likely meant.
//!
//! The nearest candidate counts by edits with a swap as one (`prot`, `hots`): at most a third of the letters, at least one.
//! Case, and which of `-`, `_` and blank was written, is no edit.

/// Candidates looked at; beyond it a guess costs more than it helps.
const MOST_CANDIDATES: usize = 10_000;

/// The candidate that was most likely meant; of equals the first.
#[must_use]
pub fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let reach = (word.chars().count() / 3).max(1);
    let plain = |text: &str| text.trim().to_lowercase().replace(['-', ' '], "_");
    let word = plain(word);
    let near = |candidate: &'a str| (strsim::osa_distance(&word, &plain(candidate)), candidate);
    let found = among.into_iter().take(MOST_CANDIDATES).map(near).min_by_key(|(distance, _)| *distance)?;
    (found.0 <= reach).then_some(found.1)
}

/// A fix that names the nearest candidate, or lists what there is when nothing is near (at most eight).
pub fn suggest<'a>(word: &str, among: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(word, among.clone()) {
        return format!("did you mean `{near}`?");
    }
    let shown: Vec<String> = among.into_iter().take(8).map(|c| format!("`{c}`")).collect();
    if shown.is_empty() { "there is none to choose from".into() } else { format!("write one of {}", shown.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_guessed_and_far_ones_are_not() {
        let words = ["active", "inactive"];
        assert_eq!(nearest("actve", words), Some("active"));
        assert_eq!(nearest("Inactive", words), Some("inactive"));
        assert_eq!(nearest("suspended", words), None);
        assert_eq!(suggest("suspended", words), "write one of `active`, `inactive`");
        assert_eq!(suggest("x", []), "there is none to choose from");
    }

    #[test]
    fn swaps_case_and_the_joint_of_words_are_forgiven() {
        let keys = ["port", "host", "tls", "relay_check", "search_base"];
        assert_eq!(nearest("prot", keys), Some("port"));
        assert_eq!(nearest("hots", keys), Some("host"));
        assert_eq!(nearest("tsl", keys), Some("tls"));
        assert_eq!(nearest("relay-check", keys), Some("relay_check"));
        assert_eq!(nearest("RelayCheck", keys), Some("relay_check"));
        assert_eq!(nearest("zzz", keys), None);
        assert_eq!(nearest("addDeleteOld", ["observe", "add", "add-delete-old"]), Some("add-delete-old"));
    }
}
