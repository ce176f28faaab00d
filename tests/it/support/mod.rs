//! What the tests of this binary share: a panel, a proxy, an engine, the binary.

pub mod binary;
pub mod dns;
pub mod engine;
pub mod normal;
pub mod panel;
pub mod proxy;
pub mod served;
pub mod transcript;
