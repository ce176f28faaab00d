//! A workspace in memory: for tests and simulations.

use crate::model::Fault;
use crate::port::{Source, SourceFile};
use std::collections::BTreeMap;
use std::ops::Range;

/// Files by name.
#[derive(Debug, Clone, Default)]
pub struct MemorySource {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemorySource {
    /// A workspace with these files.
    pub fn new<N: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (N, B)>) -> Self {
        Self { files: files.into_iter().map(|(name, bytes)| (name.into(), bytes.into())).collect() }
    }
    /// Sets a file.
    pub fn put(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(name.into(), bytes.into());
    }
}

impl Source for MemorySource {
    fn list(&self) -> Result<Vec<SourceFile>, Fault> {
        Ok(self.files.iter().map(|(name, bytes)| SourceFile { name: name.clone(), len: bytes.len() as u64 }).collect())
    }
    fn read(&self, name: &str, range: Range<u64>, into: &mut Vec<u8>) -> Result<(), Fault> {
        into.clear();
        let bytes = self.files.get(name).ok_or_else(|| Fault::Missing { text: name.to_owned() })?;
        let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        into.extend_from_slice(&bytes[at(range.start)..at(range.end).max(at(range.start))]);
        Ok(())
    }
    fn describe(&self) -> String {
        "memory".to_owned()
    }
}
