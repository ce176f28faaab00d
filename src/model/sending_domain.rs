//! A sending domain as declared; the panel mints its DNS records.

use crate::base::DomainName;
use crate::base::span::Span;

/// An outbound domain. Nothing of it is set but its existence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendingDomain {
    /// Its A-label.
    pub name: DomainName,
    /// Its header.
    pub at: Span,
}
