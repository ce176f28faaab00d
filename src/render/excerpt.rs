//! The lines around a place, read by the engine, so that findings can be drawn without owning the files.

use crate::base::span::Span;
use std::collections::BTreeMap;

/// Some whole lines of a file around a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// File name relative to the workspace.
    pub file: String,
    /// The line on which the span starts, from 1.
    pub line: u32,
    /// The column at which it starts, in characters from 1.
    pub column: u32,
    /// The number of the first line of `text`.
    pub first_line: u32,
    /// The lines.
    pub text: String,
    /// The span within `text`, in bytes.
    pub mark: std::ops::Range<usize>,
}

/// Excerpts by span; a span whose file could not be read again is not here.
pub type Excerpts = BTreeMap<Span, Excerpt>;
