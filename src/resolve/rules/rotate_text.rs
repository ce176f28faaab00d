//! `rotate` is the token by which a password is compared (S10.2): a short visible text.

use crate::base::printable::{is_invisible, printable_short};
use crate::base::span::Span;
use crate::base::{Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::config::rows::RawPassword;
use crate::resolve::rules::report::{Case, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0231"),
    severity: Severity::Error,
    title: "a rotate text that cannot be a token",
    doc: "A password is never compared by value. The rotate text stands for it: a new text means a new password. It must be visible and short, and `initial` stands for passwords without one.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "jane@acme.example"
password = { env = "JANE_PW", rotate = "initial" }
"#,
    fix: "Write a short text that was not used before, such as a date.",
};

/// Judges the rotate text of a row's password; one without a password is the decoder's finding.
pub fn check(password: &RawPassword<'_>, tenant: &TenantName, findings: &mut Findings) -> bool {
    password.rotate.as_ref().is_none_or(|rotate| is_token(&rotate.text, rotate.span, tenant, findings))
}

/// Judges the rotate texts of bind passwords: panels keep them as labels like those of any password (S10.2).
pub fn check_directories(case: &Case<'_>, findings: &mut Findings) {
    let directories = case.heads.domains.values().flat_map(|d| d.directories.values());
    for rotate in directories.filter_map(|d| d.bind_password.as_ref()?.value.rotate.as_ref()) {
        is_token(&rotate.value, rotate.span, case.heads.name(), findings);
    }
}

/// Whether a text can be a token; what is wrong with it is a finding.
fn is_token(text: &str, at: Span, tenant: &TenantName, findings: &mut Findings) -> bool {
    let Some(wrong) = wrong(text) else { return true };
    report(findings, tenant, &DOC, || {
        let title = format!("`{}` is no rotate text", printable_short(text, TOKEN_CHARS));
        DOC.finding(title).at(at, wrong).fix("write a short text that was not used before, such as a date")
    });
    false
}

/// Longest rotate text in characters; it is shown in plans and kept in labels of panels.
const TOKEN_CHARS: usize = 64;

fn wrong(text: &str) -> Option<&'static str> {
    match text {
        "" => Some("empty"),
        crate::model::user::INITIAL => Some("stands for passwords without a rotate text"),
        crate::model::user::INVITE => Some("stands for passwords that users choose themselves"),
        text if text.chars().count() > TOKEN_CHARS => Some("longer than 64 characters"),
        text if text.chars().any(is_invisible) => Some("contains an invisible character"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::base::SecretRef;
    use crate::config::RawRow;
    use crate::model::directory::BindPassword;
    use crate::resolve::test_aid::{directory, ids_of_heads, ids_of_rows, name, password, row, s};

    fn with(from: &str, rotate: Option<&str>) -> Vec<&'static str> {
        ids_of_rows(&[RawRow { password: Some(password(from, rotate)), ..row("jane@acme.example", &[], 0) }])
    }

    #[test]
    fn a_token_is_a_short_visible_text() {
        for bad in ["", "initial", "invite", "a\u{200b}", &"x".repeat(65)] {
            assert_eq!(with("JANE_PW", Some(bad)), ["MW0231"], "{bad}");
        }
        assert_eq!(with("JANE_PW", Some("2026-11")), [""; 0]);
        assert_eq!(with("JANE_PW", None), [""; 0]);
    }

    #[test]
    fn so_is_that_of_a_directory() {
        let of = |rotate: Option<&str>| {
            let rotate = rotate.map(|r| s(r.to_owned(), 216));
            let bind = BindPassword { from: SecretRef::Env("BIND".into()), rotate };
            ids_of_heads(|t, _| {
                let domain = t.domains.get_mut(&name("acme.example")).unwrap();
                domain.directories.insert("default".into(), directory(|d| d.bind_password = Some(s(bind, 215))));
            })
        };
        for bad in ["", "initial", "a\u{200b}", &"x".repeat(65)] {
            assert_eq!(of(Some(bad)), ["MW0231"], "{bad}");
        }
        assert_eq!([of(Some("2026-11")), of(None)], [[""; 0], [""; 0]]);
    }
}
