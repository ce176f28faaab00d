//! Addresses and aliases can be read in one way only (S4.1, S21).

use crate::base::printable::{is_invisible, printable_short};
use crate::base::span::Span;
use crate::base::{Address, AddressError, Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::config::Cell;
use crate::resolve::rules::report::report;

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0221"),
    severity: Severity::Error,
    title: "an address that cannot be read",
    doc: "An address is the key of a user. Display names, quotes, letters outside ASCII before the @, invisible characters and lost letters (`?`) would make another user than the one that is meant.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "Jane Doe <jane@acme.example>"
"#,
    fix: "Write the bare address, such as jane@acme.example.",
};

/// A row without an address.
pub fn report_missing(row: Span, tenant: &TenantName, findings: &mut Findings) {
    report(findings, tenant, &DOC, || DOC.finding("a user without an address").at(row, "no `address`").fix("write its address"));
}

/// A text that is no address.
pub fn report_bad(cell: &Cell<'_>, error: &AddressError, tenant: &TenantName, findings: &mut Findings) {
    report(findings, tenant, &DOC, || {
        let finding = DOC.finding(format!("`{}` is no address", printable_short(&cell.text, SHOWN_CHARS))).at(cell.span, error.to_string());
        match bare(&cell.text) {
            Some(bare) => finding.replace(format!("write `{bare}`"), cell.span, bare),
            None => finding.fix(advice(error)),
        }
    });
}

/// Characters of a bad text that are repeated in a title.
const SHOWN_CHARS: usize = 80;

/// The address that most likely is meant: what stands in angle brackets, without white space and invisible characters.
fn bare(text: &str) -> Option<String> {
    let inner = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end().trim_end_matches('>'));
    let cleaned: String = inner.trim().chars().filter(|c| !is_invisible(*c)).collect();
    let cleaned = cleaned.strip_prefix("mailto:").unwrap_or(&cleaned);
    Address::parse(cleaned).ok().map(|a| a.to_string()).filter(|a| a != text)
}

fn advice(error: &AddressError) -> &'static str {
    match error {
        AddressError::Empty | AddressError::NoAt | AddressError::NoLocalPart => "write a whole address, such as jane@acme.example",
        AddressError::ManyAt | AddressError::Space => "write one address; several aliases are separate texts",
        AddressError::TooLong => "write a shorter address",
        AddressError::DisplayName => "write the bare address, without a name around it",
        AddressError::Invisible(_) => "type the address anew; something that cannot be seen was copied with it",
        AddressError::NotAscii(_) => "write the letters before `@` in ASCII, as the mail server knows the address",
        AddressError::LostLetter => "write the letter that the export lost, as the mail server knows the address",
        AddressError::Character(_) | AddressError::Dots => "write the address as the mail server knows it",
        AddressError::Domain(_) => "correct the domain after the `@`",
    }
}

#[cfg(test)]
mod tests {
    use crate::resolve::test_aid::{acme, ids_of_rows, resolve, row};

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "jane", "Jane <jane@acme.example>", "m?ller@acme.example", "j\u{200b}ane@acme.example", "jane@10.0.0.1"] {
            assert_eq!(ids_of_rows(&[row(text, &[], 0)]), ["MW0221"], "{text}");
            assert_eq!(ids_of_rows(&[row("jane@acme.example", &[text], 0)]), ["MW0221"], "{text}");
        }
        assert_eq!(ids_of_rows(&[crate::config::RawRow::new(crate::resolve::test_aid::at(7).place)]), ["MW0221"]);
        assert_eq!(ids_of_rows(&[row("Jane@ACME.example", &["j.doe@acme.example"], 0)]), [""; 0]);
    }

    #[test]
    fn the_bare_address_is_offered() {
        let findings = resolve(&acme(|_| {}), &[row("Jane <Jane@acme.example>", &[], 0)]).unwrap_err();
        let fix = findings.sorted()[0].fix.clone().unwrap();
        assert_eq!(fix.replace.unwrap().1, "jane@acme.example");
    }
}
