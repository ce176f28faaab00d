//! The driver against recorded pages and against the real panel over HTTP.

#[cfg(feature = "panel")]
mod imports;
mod pages;
#[cfg(feature = "panel")]
mod proxy;
#[cfg(feature = "panel")]
mod reads;
#[cfg(feature = "panel")]
mod rig;
#[cfg(feature = "panel")]
mod trouble;
#[cfg(feature = "panel")]
mod writes;
