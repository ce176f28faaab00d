//! Bodies that a later conditional request may refer to (S1.5): by URL, with tag and digest, up to so many bytes.
//!
//! Kept within one process and for one credential. Weak tags are not kept: they promise no equal bytes.

use crate::base::digest::{Digest, sha256};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// A body that was read whole, with the tag that came with it.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) tag: String,
    body: Arc<Vec<u8>>,
    digest: Digest,
}

impl Known {
    /// The body, if it is still what was read.
    pub(super) fn body(&self) -> Option<Vec<u8>> {
        (sha256(&self.body) == self.digest).then(|| self.body.to_vec())
    }
}

/// What is kept; the oldest goes first.
#[derive(Debug)]
pub(super) struct Kept {
    most: usize,
    bytes: usize,
    known: BTreeMap<String, Known>,
    order: VecDeque<String>,
}

impl Kept {
    /// Keeps at most so many bytes.
    pub(super) fn new(most: usize) -> Self {
        Self { most, bytes: 0, known: BTreeMap::new(), order: VecDeque::new() }
    }
    /// What is known of a URL.
    pub(super) fn get(&self, url: &str) -> Option<Known> {
        self.known.get(url).cloned()
    }
    /// Keeps the body of an answer in the place of an earlier one, where its tag is a strong one.
    pub(super) fn keep(&mut self, url: &str, tag: Option<&str>, body: &[u8]) {
        self.forget(url);
        let strong = tag.filter(|t| t.len() > 2 && t.starts_with('"') && t.ends_with('"'));
        let Some(tag) = strong.filter(|tag| weight(url, tag, body) <= self.most) else { return };
        while self.bytes + weight(url, tag, body) > self.most {
            let Some(oldest) = self.order.front().cloned() else { break };
            self.forget(&oldest);
        }
        self.bytes += weight(url, tag, body);
        self.order.push_back(url.to_owned());
        let known = Known { tag: tag.to_owned(), body: Arc::new(body.to_vec()), digest: sha256(body) };
        self.known.insert(url.to_owned(), known);
    }
    fn forget(&mut self, url: &str) {
        if let Some(known) = self.known.remove(url) {
            self.bytes -= weight(url, &known.tag, &known.body);
            self.order.retain(|kept| kept != url);
        }
    }
}

fn weight(url: &str, tag: &str, body: &[u8]) -> usize {
    url.len() + tag.len() + body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strong_tags_and_so_many_bytes() {
        let mut kept = Kept::new(20);
        for tag in [None, Some("W/\"v1\""), Some("v1"), Some("\"\"")] {
            kept.keep("a", tag, b"body");
            assert!(kept.get("a").is_none(), "{tag:?}");
        }
        kept.keep("a", Some("\"1\""), b"12345");
        kept.keep("b", Some("\"1\""), b"12345");
        assert_eq!(kept.get("a").unwrap().body().unwrap(), b"12345");
        kept.keep("c", Some("\"1\""), b"12345");
        assert!(kept.get("a").is_none() && kept.get("b").is_some() && kept.get("c").is_some(), "the oldest goes first");
        kept.keep("b", Some("\"2\""), b"1234567890123456");
        assert_eq!((kept.known.len(), kept.bytes), (1, 20), "what is replaced makes room; the rest goes");
        kept.keep("b", Some("\"3\""), b"12345678901234567");
        assert_eq!((kept.known.len(), kept.order.len(), kept.bytes), (0, 0, 0), "what is too large is not kept, and not half of it");
    }
}
