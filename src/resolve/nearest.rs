//! The word that somebody most likely meant.

/// Candidates looked at; beyond it a guess costs more than it helps.
const MOST_CANDIDATES: usize = 10_000;

/// The candidate with the smallest edit distance (Damerau), if it is near: a third of the word's length, at least one edit. Of
/// equals the first.
pub fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let reach = (word.chars().count() / 3).max(1);
    let lower = word.to_lowercase();
    let near = |candidate: &'a str| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate);
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
}
