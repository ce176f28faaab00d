//! A user lies in a declared domain of the tenant, and in the domain of its list where that has one (S3.4).

use crate::base::nearest::suggest;
use crate::base::{DomainName, Findings, RuleDoc, RuleId, Severity, TenantName};
use crate::config::Cell;
use crate::resolve::rules::report::report;
use crate::resolve::zones::{Zone, Zones};

/// The rule.
pub const DOC: RuleDoc = RuleDoc {
    id: RuleId("MW0222"),
    severity: Severity::Error,
    title: "a user outside the tenant's domains",
    doc: "A panel refuses users of domains that the tenant does not have; in a list that belongs to one domain an address of another is mostly a slip, and add-delete-old would act on the wrong list.",
    example: r#"schema = "mailwright/v1"

[tenant]
name = "acme"
provider = "edge"

[domains."acme.example"]

[[users]]
address = "jane@acme.exmaple"
"#,
    fix: "Correct the domain of the address, declare the domain, or move the row to the list of its domain.",
};

/// Judges where an address, given with its domain, lies; the number of its domain where it lies well. `list` is the domain of the list.
pub fn check(
    zones: &mut Zones,
    cell: &Cell<'_>,
    (address, domain): (&str, &str),
    list: Option<&DomainName>,
    tenant: &TenantName,
    findings: &mut Findings,
) -> Option<usize> {
    match zones.find(domain) {
        Some(Zone::Domain(i)) if list.is_none_or(|l| l == zones.name(i)) => Some(i),
        Some(Zone::Domain(_)) => {
            report(findings, tenant, &DOC, || {
                let list = list.map_or("another domain", DomainName::as_str);
                let finding =
                    DOC.finding(format!("{address} stands in a list that belongs to {list}")).at(cell.span, format!("lies in {domain}"));
                finding.fix(format!("move the row to the list of {domain}, or correct the address"))
            });
            None
        }
        Some(Zone::AliasOf(i)) => {
            let owner = zones.name(i);
            report(findings, tenant, &DOC, || {
                let meant = format!("{}@{owner}", &address[..address.len() - domain.len() - 1]);
                let finding = DOC
                    .finding(format!("{address} lies in an alias domain"))
                    .at(cell.span, format!("{domain} is an alias domain of {owner}"));
                finding.replace(format!("write `{meant}`: mail to the alias domain reaches it"), cell.span, meant)
            });
            None
        }
        None => {
            report(findings, tenant, &DOC, || {
                DOC.finding(format!("{address} is in no domain of the tenant"))
                    .at(cell.span, format!("{domain} is not declared"))
                    .note(format!("to declare it: [domains.\"{domain}\"]"))
                    .fix(suggest(domain, zones.names()))
            });
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::RawRow;
    use crate::resolve::resolver::{List, Resolver};
    use crate::resolve::test_aid::{ALL_FIELDS, KEY, acme, domain, ids_of_rows, name, row, s};

    #[test]
    fn users_lie_in_declared_domains() {
        assert_eq!(ids_of_rows(&[row("jane@acme.exmaple", &[], 0)]), ["MW0222"]);
        assert_eq!(ids_of_rows(&[row("jane@acme.example", &[], 0)]), [""; 0]);
    }

    #[test]
    fn a_list_of_one_domain_holds_its_users_only_and_an_alias_domain_none() {
        let heads = acme(|t| {
            t.domains.insert(name("b.example"), domain("b.example", |d| d.alias_domains = Some(s([name("b.test")].into(), 120))));
        });
        let errors = |row: RawRow<'_>, list: &str| {
            let list = name(list);
            let mut resolver = Resolver::new(&heads, ALL_FIELDS, KEY);
            resolver.push_row(&row, List { csv: true, domain: Some(&list) });
            resolver.finish().map_or_else(|f| f.counts()[&super::DOC.id], |_| 0)
        };
        assert_eq!(errors(row("jane@b.example", &[], 0), "acme.example"), 1);
        assert_eq!(errors(row("jane@b.test", &[], 0), "b.example"), 1);
        assert_eq!(errors(row("jane@b.example", &[], 0), "b.example"), 0);
    }
}
