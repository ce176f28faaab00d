//! What the tests of this binary share: a panel, a proxy, an engine, the binary.

pub mod binary;
pub mod engine;
pub mod panel;
pub mod proxy;
