//! A user has at most [`USER_ALIASES`] aliases.

use crate::base::limits::USER_ALIASES;
use crate::base::{Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::config::RawRow;
use crate::resolve::rules::report::{found, report};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0227"),
    severity: Severity::Error,
    title: "too many aliases",
    doc: "No panel that is known takes so many aliases for one user; mostly a separator is wrong and a whole column was read as one cell.",
    example: r#"# tenants/acme.toml
schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"
users_from = ["users.csv"]

[domains."acme.example"]

# tenants/users.csv
address,aliases
jane@acme.example,a1@acme.example a2@acme.example … a501@acme.example
"#,
    fix: "Look at the separators of the list, or spread the aliases over several users.",
};

/// Counts the aliases of a row, bad and repeated ones included.
pub fn check(raw: &RawRow<'_>, tenant: &TenantName, findings: &mut Findings) {
    let count = raw.aliases.as_ref().map_or(0, Vec::len);
    if count > USER_ALIASES {
        report(findings, tenant, &DOC, || {
            let finding = found(&DOC, format!("{count} aliases of one user, at most {USER_ALIASES}")).at(raw.span(), "too many");
            finding.fix("look at the separators of the list, or spread the aliases over several users")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::base::limits::USER_ALIASES;
    use crate::resolve::test_aid::{ids_of_rows, row};

    #[test]
    fn aliases_are_limited() {
        let all: Vec<String> = (0..=USER_ALIASES).map(|i| format!("a{i}@acme.example")).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        assert_eq!(ids_of_rows(&[row("jane@acme.example", &all, 0)]), ["MW0227"]);
        assert_eq!(ids_of_rows(&[row("jane@acme.example", &all[1..], 0)]), [""; 0]);
    }
}
