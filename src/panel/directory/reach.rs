//! Which directories this panel can reach, and how: an operator's choice, never a tenant's.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// How directories are reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LdapReach {
    /// Certificates (PEM) of the authorities that directories are trusted by, instead of those of the system.
    pub ca_pem: Option<Vec<u8>>,
    /// `host:port` as it is configured → where it is; certificates are still checked against the configured host.
    pub connect_to: BTreeMap<String, SocketAddr>,
    /// Reach only what `connect_to` names and loopback addresses.
    pub only_known: bool,
    /// Ask for everything at once. Only to see what a directory's size limit does.
    pub unpaged: bool,
}

impl LdapReach {
    /// Where a configured directory is: an address, or a name to be looked up.
    ///
    /// # Errors
    /// A host that this panel may not reach.
    pub(super) fn place(&self, host: &str, port: u16) -> Result<Place, String> {
        if let Some(at) = self.connect_to.get(&format!("{host}:{port}")) {
            return Ok(Place::Address(*at));
        }
        let ip: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        if self.only_known && !ip.is_some_and(|ip| ip.is_loopback()) {
            return Err(format!("this panel was started to reach known directories only, and {host}:{port} is none of them"));
        }
        Ok(ip.map_or_else(|| Place::Name(host.to_owned(), port), |ip| Place::Address(SocketAddr::new(ip, port))))
    }

    /// The TLS settings.
    ///
    /// # Errors
    /// Certificates that cannot be read.
    pub(super) fn tls(&self) -> Result<Option<Arc<ClientConfig>>, String> {
        let Some(pem) = &self.ca_pem else { return Ok(None) };
        let mut roots = RootCertStore::empty();
        for cert in CertificateDer::pem_slice_iter(pem) {
            let cert = cert.map_err(|e| format!("the certificate authority cannot be read: {e}"))?;
            roots.add(cert).map_err(|e| format!("the certificate authority cannot be read: {e}"))?;
        }
        if roots.is_empty() {
            return Err("the certificate authority holds no certificate".to_owned());
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|e| format!("TLS cannot be set up: {e}"))?;
        Ok(Some(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
    }
}

/// Where a directory is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Address(SocketAddr),
    Name(String, u16),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_reached_where_that_was_said() {
        let at: SocketAddr = "127.0.0.1:13636".parse().unwrap();
        let known = BTreeMap::from([("dc1.corp.example:636".to_owned(), at)]);
        let reach = LdapReach { connect_to: known, only_known: true, ..LdapReach::default() };
        assert_eq!(reach.place("dc1.corp.example", 636), Ok(Place::Address(at)));
        assert!(reach.place("dc1.corp.example", 389).is_err() && reach.place("192.0.2.1", 389).is_err());
        assert!(matches!(reach.place("127.0.0.1", 389), Ok(Place::Address(_))));
        assert!(matches!(LdapReach::default().place("dc1", 389), Ok(Place::Name(_, 389))));
    }

    #[test]
    fn an_authority_without_a_certificate_is_refused() {
        let reach = |pem: &str| LdapReach { ca_pem: Some(pem.into()), ..LdapReach::default() };
        assert!(reach("").tls().is_err() && LdapReach::default().tls().is_ok());
    }
}
