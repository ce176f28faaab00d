//! What a directory's settings may be.

use crate::base::printable::is_invisible;
use crate::base::{DomainName, Secret};
use crate::panel::directory::Login;
use crate::panel::limits::{DN_CHARS, FILTER_CHARS, LABEL_CHARS};
use crate::panel::stop::Stop;
use crate::wire::{DirectorySchedule, DirectorySettings, DirectorySource, DirectoryTls};
use std::net::IpAddr;

/// All that can be set of a directory, the password included.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) enabled: bool,
    pub(crate) source: DirectorySource,
    pub(crate) login: Login,
    pub(crate) label: Option<String>,
    pub(crate) min_users: u32,
    pub(crate) schedule: DirectorySchedule,
}

/// What the password that is kept is good for.
fn is_same_server(a: &Login, b: &Login) -> bool {
    (&a.host, a.port, a.tls, &a.bind_dn) == (&b.host, b.port, b.tls, &b.bind_dn)
}

impl Settings {
    /// A directory of which nothing was said yet.
    pub(crate) fn blank(enabled: bool, source: DirectorySource, tls: DirectoryTls) -> Self {
        let port = if tls == DirectoryTls::Ldaps { 636 } else { 389 };
        let empty = String::new;
        let (host, bind_dn, search_base, filter) = (empty(), empty(), empty(), empty());
        let login = Login { host, port, tls, bind_dn, bind_password: None, search_base, filter };
        Self { enabled, source, login, label: None, min_users: 0, schedule: DirectorySchedule::default() }
    }

    /// These settings over the present ones, not checked yet; and whether the password that was kept was dropped because
    /// it was given for another host or name.
    pub(crate) fn over(&self, request: &DirectorySettings) -> (Self, bool) {
        let mut next = self.clone();
        let text = |from: &Option<String>, into: &mut String| {
            if let Some(text) = from {
                into.clone_from(text);
            }
        };
        let login = &mut next.login;
        text(&request.host, &mut login.host);
        text(&request.bind_dn, &mut login.bind_dn);
        text(&request.search_base, &mut login.search_base);
        text(&request.filter, &mut login.filter);
        login.port = request.port.unwrap_or(login.port);
        login.tls = request.tls.unwrap_or(login.tls);
        if let Ok(name) = DomainName::parse(&login.host) {
            login.host = name.as_str().to_owned();
        }
        next.min_users = request.min_users.unwrap_or(next.min_users);
        next.schedule = request.schedule.unwrap_or(next.schedule);
        let mut dropped = false;
        if let Some(password) = &request.bind_password {
            next.login.bind_password = Some(Secret::new(password.0.clone()));
            next.label.clone_from(&request.bind_password_label);
        } else if !is_same_server(&self.login, &next.login) {
            dropped = self.login.bind_password.is_some();
            (next.login.bind_password, next.label) = (None, None);
        }
        (next, dropped)
    }

    /// Refuses what no directory can be.
    pub(crate) fn check(&self) -> Result<(), Stop> {
        let Login { host, port, tls, bind_dn, search_base, filter, bind_password } = &self.login;
        plain("host", host, 253)?;
        plain("bind_dn", bind_dn, DN_CHARS)?;
        plain("search_base", search_base, DN_CHARS)?;
        plain("filter", filter, FILTER_CHARS)?;
        if let Some(label) = &self.label {
            plain("bind_password_label", label, LABEL_CHARS)?;
        }
        if !matches!((tls, port), (DirectoryTls::Ldaps, 636) | (DirectoryTls::None | DirectoryTls::Starttls, 389)) {
            return Err(Stop::invalid("port: 389, or 636 with ldaps"));
        }
        if !filter.is_empty() && ldap3::parse_filter(filter).is_err() {
            return Err(Stop::invalid("filter: not a filter (RFC 4515)"));
        }
        if self.source == DirectorySource::Entra {
            return Ok(());
        }
        let ip = host.parse::<IpAddr>().is_ok();
        if !ip && DomainName::parse(host).is_err() {
            return Err(Stop::invalid("host: a full host name or an IP address"));
        }
        if ip && *tls != DirectoryTls::None {
            return Err(Stop::invalid("host: TLS needs a host name that the certificate carries, not an IP address"));
        }
        if self.enabled && (bind_dn.is_empty() || bind_password.is_none() || search_base.is_empty()) {
            return Err(Stop::invalid("bind_dn, bind_password and search_base are needed while the directory is on"));
        }
        Ok(())
    }
}

fn plain(field: &str, text: &str, most: usize) -> Result<(), Stop> {
    if text.chars().count() <= most && text.trim() == text && !text.chars().any(is_invisible) {
        return Ok(());
    }
    Err(Stop::invalid(format!("{field}: at most {most} characters, no space at an end, none that cannot be seen")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::BindPassword;

    fn ldap(request: DirectorySettings) -> Settings {
        Settings::blank(true, DirectorySource::Ldap, request.tls.unwrap_or_default()).over(&request).0
    }

    fn whole(host: &str, tls: DirectoryTls) -> DirectorySettings {
        let some = |t: &str| Some(t.to_owned());
        let base = DirectorySettings { host: some(host), tls: Some(tls), bind_dn: some("cn=a"), ..DirectorySettings::default() };
        DirectorySettings {
            bind_password: Some(BindPassword("x".into())),
            bind_password_label: some("1"),
            search_base: some("dc=a"),
            ..base
        }
    }

    #[test]
    fn settings_are_those_of_a_directory() {
        assert!(ldap(whole("dc1.corp.example", DirectoryTls::Ldaps)).check().is_ok());
        assert!(ldap(whole("192.0.2.1", DirectoryTls::None)).check().is_ok());
        assert!(ldap(whole("192.0.2.1", DirectoryTls::Starttls)).check().is_err(), "a certificate carries no address");
        assert!(ldap(DirectorySettings { port: Some(636), ..whole("dc1.corp.example", DirectoryTls::None) }).check().is_err());
        assert!(
            ldap(DirectorySettings { filter: Some("(mail=".into()), ..whole("dc1.corp.example", DirectoryTls::None) }).check().is_err()
        );
        assert!(ldap(DirectorySettings { bind_password: None, ..whole("dc1.corp.example", DirectoryTls::None) }).check().is_err());
        assert!(Settings::blank(true, DirectorySource::Entra, DirectoryTls::None).check().is_ok());
    }

    #[test]
    fn a_password_goes_to_the_host_that_it_was_given_for() {
        let first = ldap(whole("dc1.corp.example", DirectoryTls::Ldaps));
        let elsewhere = DirectorySettings { host: Some("dc2.corp.example".into()), ..DirectorySettings::default() };
        let (next, dropped) = first.over(&elsewhere);
        assert!(dropped && next.login.bind_password.is_none() && next.label.is_none() && next.check().is_err());
        let base = DirectorySettings { search_base: Some("dc=b".into()), ..DirectorySettings::default() };
        let (next, dropped) = first.over(&base);
        assert!(!dropped && next.login.bind_password.is_some() && next.check().is_ok());
    }
}
