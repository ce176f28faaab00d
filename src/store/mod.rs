//! Floor 4: where texts and memory live: work tree, git tree, memory folder, secrets.
