//! Did-you-mean: the known word that is nearest to a written one.
//!
//! Deliberately absent: more than one suggestion; a list of all words stands beside it.

/// The nearest word, at most a third of its letters away (one at least). A swap of two letters counts as one.
pub(crate) fn nearest<'w>(written: &str, words: &[&'w str]) -> Option<&'w str> {
    let written = written.trim().to_lowercase().replace(['-', ' '], "_");
    let far = |word: &str| strsim::osa_distance(&written, word);
    let best = words.iter().min_by_key(|word| far(word))?;
    (far(best) <= (written.chars().count() / 3).max(1)).then_some(*best)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_is_found() {
        let words = ["address", "first_name", "last_name", "kind"];
        assert_eq!(nearest("adress", &words), Some("address"));
        assert_eq!(nearest("First Name", &words), Some("first_name"));
        assert_eq!(nearest("knid", &words), Some("kind"));
        assert_eq!(nearest("colour", &words), None);
    }
}
