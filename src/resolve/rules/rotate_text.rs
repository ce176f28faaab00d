//! `rotate` is the token by which a password is compared (S10.2): a short visible text.

use crate::base::printable::{is_invisible, printable_short};
use crate::base::{Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::config::rows::RawPassword;
use crate::resolve::rules::report::report;

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
    let Some((rotate, wrong)) = password.rotate.as_ref().and_then(|r| wrong(&r.text).map(|w| (r, w))) else {
        return true;
    };
    report(findings, tenant, &DOC, || {
        let title = format!("`{}` is no rotate text", printable_short(&rotate.text, TOKEN_CHARS));
        DOC.finding(title).at(rotate.span, wrong).fix("write a short text that was not used before, such as a date")
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
    use crate::config::RawRow;
    use crate::resolve::test_aid::{ids_of_rows, password, row};

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
}
