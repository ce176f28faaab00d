//! A tenant as declared: name, provider, binding.

use crate::base::span::{Span, Spanned};
use crate::base::{ProviderName, TenantName};
use crate::model::domain::Authority;

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its name in files and output.
    pub name: TenantName,
    /// Where it is declared.
    pub at: Span,
    /// The provider of inbound mail.
    pub inbound: Spanned<ProviderName>,
    /// The provider of outbound mail; the same where only one is written.
    pub outbound: Spanned<ProviderName>,
    /// The panel's immutable id of the customer (S4.3).
    pub remote: Option<Spanned<String>>,
    /// Whether it may be created; `None`: the provider's default.
    pub create: Option<Spanned<bool>>,
    /// Authority for its collections (S3.1).
    pub authority: Option<Spanned<Authority>>,
}
