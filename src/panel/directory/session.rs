//! One conversation with a directory: connect, bind, ask, end. Every step has a deadline.

use crate::base::Secret;
use crate::panel::directory::reach::{LdapReach, Place};
use crate::panel::directory::search;
use crate::panel::directory::{Answer, entry};
use crate::panel::limits::{LDAP_CONNECT_SECONDS, LDAP_TEXT_CHARS};
use crate::wire::DirectoryTls;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::net::TcpStream;

const CONNECT: Duration = Duration::from_secs(LDAP_CONNECT_SECONDS);

/// Where a directory is, who asks and what is asked.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: DirectoryTls,
    pub(crate) bind_dn: String,
    pub(crate) bind_password: Option<Secret>,
    pub(crate) search_base: String,
    pub(crate) filter: String,
}

/// Asks a directory for the users of `domain`; aliases may stand in any of `domains`.
///
/// # Errors
/// Why there is no whole answer, in the words of whoever refused.
pub(crate) async fn ask(reach: &LdapReach, login: &Login, domain: &str, domains: BTreeSet<String>) -> Result<Answer, String> {
    let (reach, login, domain) = (reach.clone(), login.clone(), domain.to_owned());
    // a task of its own: what a directory sends must not be able to end the panel's
    let talk = tokio::spawn(async move {
        let mut ldap = open(&reach, &login).await?;
        let found = search::all(&mut ldap, &login, reach.unpaged).await;
        // the answer is in hand; a directory that will not say goodbye changes nothing of it
        let _ = ldap.unbind().await;
        found.map(|entries| entry::people(entries, &domain, &domains))
    });
    let said = talk.await.unwrap_or_else(|_| Err("the directory's answer cannot be read".to_owned()));
    said.map_err(|text| crate::base::printable::printable_short(&text, LDAP_TEXT_CHARS))
}

async fn open(reach: &LdapReach, login: &Login) -> Result<Ldap, String> {
    let Some(password) = login.bind_password.as_ref().filter(|p| !p.expose().is_empty() && !login.bind_dn.is_empty()) else {
        // it would be taken for a wish to be nobody, and answered with success (RFC 4513 5.1.2)
        return Err("a bind name and a bind password are needed; nothing was sent".to_owned());
    };
    let stream = connect(reach, login).await?;
    let mut settings = LdapConnSettings::new().set_conn_timeout(CONNECT).set_std_stream(ldap3::StdStream::Tcp(stream));
    let scheme = match login.tls {
        DirectoryTls::None => "ldap",
        DirectoryTls::Starttls => {
            settings = settings.set_starttls(true);
            "ldap"
        }
        DirectoryTls::Ldaps => "ldaps",
    };
    if let Some(config) = reach.tls()? {
        settings = settings.set_config(config);
    }
    let url = format!("{scheme}://{}:{}", login.host, login.port);
    let (conn, mut ldap) = LdapConnAsync::with_settings(settings, &url).await.map_err(|e| words(&e))?;
    tokio::spawn(async move {
        if let Err(error) = conn.drive().await {
            tracing::debug!(%error, "the connection to a directory ended");
        }
    });
    let bound = ldap.with_timeout(CONNECT).simple_bind(&login.bind_dn, password.expose()).await.and_then(ldap3::LdapResult::success);
    bound.map_err(|e| words(&e))?;
    Ok(ldap)
}

async fn connect(reach: &LdapReach, login: &Login) -> Result<std::net::TcpStream, String> {
    let place = reach.place(&login.host, login.port)?;
    let name = format!("{}:{}", login.host, login.port);
    let trying = async {
        match place {
            Place::Address(at) => TcpStream::connect(at).await,
            Place::Name(host, port) => TcpStream::connect((host.as_str(), port)).await,
        }
    };
    let stream = tokio::time::timeout(CONNECT, trying).await;
    let stream = stream.map_err(|_| format!("{name}: no connection within {LDAP_CONNECT_SECONDS} s"))?;
    stream.and_then(TcpStream::into_std).map_err(|e| format!("{name}: {e}"))
}

/// What the library says; what the directory said is in it as it came.
pub(super) fn words(error: &LdapError) -> String {
    match error {
        LdapError::LdapResult { result } => result.to_string(),
        other => other.to_string(),
    }
}
