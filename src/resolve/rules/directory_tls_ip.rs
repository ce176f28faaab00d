//! TLS to a directory needs a host name (S16.1).

use crate::base::span::Span;
use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::model::Directory;
use crate::model::directory::Tls;
use crate::resolve::rules::report::{Case, report};
use std::net::IpAddr;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0205"),
    severity: Severity::Error,
    title: "TLS to a directory by IP address",
    doc: "The certificate of a directory server names a host. Panels refuse TLS to an IP address, and Active Directory certificates do not carry one, so the synchronisation would fail from the first run on.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example".directory]
host = "192.0.2.10"
port = 636
tls = "ldaps"
"#,
    fix: "Write the host name that the server's certificate carries.",
};

/// A directory with LDAPS or StartTLS (or port 636, which is LDAPS) has a host name.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    for directory in case.heads.domains.values().flat_map(|d| d.directories.values()) {
        let Some(host) = directory.host.as_ref().filter(|h| is_ip(&h.value)) else {
            continue;
        };
        let Some((at, tls)) = protected(directory) else {
            continue;
        };
        report(findings, case.heads.name(), &DOC, || {
            DOC.finding(format!("{tls} needs a host name, not an IP address"))
                .at(host.span, "no certificate carries this address")
                .also(at, format!("asks for {tls}"))
                .fix("write the host name that the server's certificate carries")
        });
    }
}

fn is_ip(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

fn protected(directory: &Directory) -> Option<(Span, &'static str)> {
    match (&directory.tls, &directory.port) {
        (Some(tls), _) => match tls.value {
            Tls::None => None,
            Tls::StartTls => Some((tls.span, "StartTLS")),
            Tls::Ldaps => Some((tls.span, "LDAPS")),
        },
        (None, Some(port)) if port.value == 636 => Some((port.span, "LDAPS")),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::model::directory::Tls;
    use crate::resolve::test_aid::{directory, ids_of_heads, name, s};

    fn with(host: &str, port: u16, tls: Option<Tls>) -> Vec<&'static str> {
        let directory = directory(|d| {
            d.host = Some(s(host.into(), 210));
            d.port = Some(s(port, 211));
            d.tls = tls.map(|t| s(t, 212));
        });
        ids_of_heads(|t, _| {
            t.domains.get_mut(&name("acme.example")).unwrap().directories.insert("default".into(), directory);
        })
    }

    #[test]
    fn tls_needs_a_name() {
        assert_eq!(with("192.0.2.10", 636, Some(Tls::Ldaps)), ["MW0205"]);
        assert_eq!(with("[2001:db8::1]", 389, Some(Tls::StartTls)), ["MW0205"]);
        assert_eq!(with("2001:db8::1", 636, None), ["MW0205"]);
        assert_eq!(with("192.0.2.10", 389, Some(Tls::None)), [""; 0]);
        assert_eq!(with("dc1.acme.example", 636, Some(Tls::Ldaps)), [""; 0]);
    }
}
