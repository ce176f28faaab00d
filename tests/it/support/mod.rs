//! What the tests of this binary share: a panel, a proxy, an engine, the binary.

pub mod api;
pub mod binary;
pub mod destination;
pub mod dns;
pub mod engine;
pub mod fault_proxy;
pub mod fault_wire;
pub mod modoboa;
pub mod normal;
pub mod panel;
pub mod proxy;
pub mod rest;
pub mod served;
pub mod slapd;
pub mod transcript;
