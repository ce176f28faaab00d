//! A directory's port and TLS mode agree (S16.1: ports 389 and 636).

use crate::base::{Findings, RuleDoc, RuleId, Severity};
use crate::model::directory::Tls;
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0206"),
    severity: Severity::Error,
    title: "port and TLS mode of a directory disagree",
    doc: "Port 636 speaks TLS from the first byte (LDAPS); port 389 starts in clear and may change to TLS (StartTLS). The other way round the connection hangs or is closed. The panels know these two ports only.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example".directory]
host = "dc1.acme.example"
port = 389
tls = "ldaps"
"#,
    fix: "Write port 636 with tls = \"ldaps\", or port 389 with tls = \"starttls\" or \"none\".",
};

/// 389 goes with `none` and `starttls`, 636 with `ldaps`; there is no other port.
pub fn check(case: &Case<'_>, findings: &mut Findings) {
    for directory in case.heads.domains.values().flat_map(|d| d.directories.values()) {
        let Some(port) = &directory.port else {
            continue;
        };
        let tls = directory.tls.as_ref();
        let good = match (port.value, tls.map(|t| t.value)) {
            (389, Some(Tls::None | Tls::StartTls) | None) | (636, Some(Tls::Ldaps) | None) => true,
            (_, Some(Tls::None | Tls::StartTls | Tls::Ldaps) | None) => false,
        };
        if good {
            continue;
        }
        report(findings, case.heads.name(), &DOC, || {
            let title = match tls {
                Some(tls) if matches!(port.value, 389 | 636) => format!("port {} and tls = \"{}\" disagree", port.value, tls.value),
                Some(_) | None => format!("port {} is no port of a directory", port.value),
            };
            let want = if tls.is_some_and(|t| t.value == Tls::Ldaps) { 636 } else { 389 };
            let finding = DOC.finding(title).at(port.span, "389 is plain or StartTLS, 636 is LDAPS");
            let finding = tls.into_iter().fold(finding, |f, t| f.also(t.span, "the TLS mode"));
            finding.replace(format!("write port = {want}, or change `tls`"), port.span, want.to_string())
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::model::directory::Tls;
    use crate::resolve::test_aid::{directory, ids_of_heads, name, s};

    fn with(port: u16, tls: Option<Tls>) -> Vec<&'static str> {
        let directory = directory(|d| {
            d.port = Some(s(port, 211));
            d.tls = tls.map(|t| s(t, 212));
        });
        ids_of_heads(|t, _| {
            t.domains.get_mut(&name("acme.example")).unwrap().directories.insert("default".into(), directory);
        })
    }

    #[test]
    fn port_and_mode_agree() {
        for (port, tls) in [(389, Some(Tls::Ldaps)), (636, Some(Tls::StartTls)), (636, Some(Tls::None)), (3268, None)] {
            assert_eq!(with(port, tls), ["MW0206"], "{port} {tls:?}");
        }
        for (port, tls) in [(389, Some(Tls::None)), (389, Some(Tls::StartTls)), (389, None), (636, Some(Tls::Ldaps)), (636, None)] {
            assert_eq!(with(port, tls), [""; 0], "{port} {tls:?}");
        }
    }
}
