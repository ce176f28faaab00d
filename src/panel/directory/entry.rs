//! From the attributes of Active Directory to users. Pure.

use crate::base::Address;
use crate::base::address::domain_part;
use crate::panel::check::is_person_name;
use crate::panel::directory::answer::{Answer, Person};
use ldap3::SearchEntry;
use std::collections::{BTreeMap, BTreeSet};

/// The attributes that are asked for.
pub(super) const ATTRIBUTES: [&str; 7] = ["mail", "proxyAddresses", "userAccountControl", "objectGUID", "givenName", "sn", "objectClass"];
/// The bit of `userAccountControl` that says that an account may not sign in.
const DISABLED: i64 = 2;

/// The users of `domain` among entries; aliases may stand in any of `domains`.
pub(super) fn people(entries: Vec<SearchEntry>, domain: &str, domains: &BTreeSet<String>) -> Answer {
    let mut answer = Answer::default();
    let mut found: BTreeMap<String, Person> = BTreeMap::new();
    for entry in entries {
        let entry = Entry(entry);
        let Some((address, others)) = entry.addresses() else {
            answer.unusable += 1;
            continue;
        };
        if domain_part(&address) != domain {
            answer.elsewhere += 1;
            continue;
        }
        let (aliases, foreign): (BTreeSet<String>, BTreeSet<String>) = others.into_iter().partition(|a| domains.contains(domain_part(a)));
        answer.foreign_aliases += foreign.len() as u64;
        if found.contains_key(&address) {
            answer.doubled += 1;
            continue;
        }
        found.insert(address.clone(), entry.person(address, aliases));
    }
    answer.people = found.into_values().collect();
    answer
}

struct Entry(SearchEntry);

impl Entry {
    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.0.attrs.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name));
        named.flat_map(|(_, values)| values).map(String::as_str)
    }
    fn first(&self, name: &str) -> &str {
        self.values(name).next().unwrap_or("")
    }
    /// The address, and all others. `SMTP:` is the address where there is one, else `mail`.
    fn addresses(&self) -> Option<(String, BTreeSet<String>)> {
        let read = |text: &str| Address::parse(text).ok().map(|a| a.as_str().to_owned());
        let (mut first, mut others) = (None, BTreeSet::new());
        for proxy in self.values("proxyAddresses") {
            match proxy.split_once(':') {
                Some(("SMTP", address)) => first = first.or_else(|| read(address)),
                Some((scheme, address)) if scheme.eq_ignore_ascii_case("smtp") => others.extend(read(address)),
                // x500, sip and the like are no mail addresses
                _ => {}
            }
        }
        let mail = self.values("mail").find_map(read);
        others.extend(mail.clone());
        let address = first.or(mail)?;
        others.remove(&address);
        Some((address, others))
    }
    /// The id in hex. It is text for the library where its bytes happen to be UTF-8, so both places are looked at.
    fn guid(&self) -> Option<String> {
        let binary = self.0.bin_attrs.iter().filter(|(n, _)| n.eq_ignore_ascii_case("objectGUID")).flat_map(|(_, v)| v).next();
        let bytes = binary.map(Vec::as_slice).or_else(|| self.values("objectGUID").next().map(str::as_bytes))?;
        Some(bytes.iter().map(|b| format!("{b:02x}")).collect())
    }
    fn person(&self, address: String, aliases: BTreeSet<String>) -> Person {
        let name = |attribute: &str| Some(self.first(attribute)).filter(|n| is_person_name(n)).unwrap_or("").to_owned();
        let control: i64 = self.first("userAccountControl").parse().unwrap_or(0);
        let is_group = self.values("objectClass").any(|class| class.eq_ignore_ascii_case("group"));
        let (first_name, last_name) = (name("givenName"), name("sn"));
        let guid = self.guid().unwrap_or_else(|| address.clone());
        Person { guid, address, aliases, first_name, last_name, is_active: control & DISABLED == 0, is_group }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn entry(attrs: &[(&str, &[&str])]) -> SearchEntry {
        let attrs = attrs.iter().map(|(n, v)| ((*n).to_owned(), v.iter().map(|t| (*t).to_owned()).collect())).collect();
        SearchEntry { dn: "cn=x".into(), attrs, bin_attrs: HashMap::new() }
    }

    fn read(entries: Vec<SearchEntry>) -> Answer {
        people(entries, "corp.example", &["corp.example".to_owned(), "corp.test".to_owned()].into())
    }

    #[test]
    fn the_names_of_active_directory_are_read() {
        let proxies = ["SMTP:Jane.Doe@Corp.Example", "smtp:jd@corp.test", "smtp:j@else.example", "x500:/o=Corp/cn=jd"];
        let mut jane = entry(&[
            ("mail", &["jane@corp.example"]),
            ("proxyAddresses", &proxies),
            ("userAccountControl", &["514"]),
            ("givenName", &["Jane"]),
            ("sn", &["Doe"]),
        ]);
        jane.bin_attrs.insert("objectGUID".into(), vec![vec![0xff, 0x01]]);
        let answer = read(vec![jane]);
        let person = &answer.people[0];
        assert_eq!((person.address.as_str(), person.guid.as_str()), ("jane.doe@corp.example", "ff01"));
        assert_eq!(person.aliases, ["jane@corp.example".to_owned(), "jd@corp.test".to_owned()].into());
        assert!(!person.is_active && !person.is_group && answer.foreign_aliases == 1);
        assert_eq!((person.first_name.as_str(), person.last_name.as_str()), ("Jane", "Doe"));
        assert_eq!(answer.left_out(), ["1 aliases in no domain of this tenant"]);
    }

    #[test]
    fn an_id_that_happens_to_be_text_is_read_too() {
        let answer = read(vec![entry(&[("mail", &["a@corp.example"]), ("objectGUID", &["AB"])])]);
        assert_eq!(answer.people[0].guid, "4142");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let mail = |a: &'static str| entry(&[("mail", &[a]), ("objectClass", &["top", "group"])]);
        let answer = read(vec![mail("a@corp.example"), mail("a@corp.example"), mail("b@else.example"), mail("no address"), entry(&[])]);
        assert_eq!((answer.count(), answer.doubled, answer.elsewhere, answer.unusable), (1, 1, 1, 2));
        assert!(answer.people[0].is_group && answer.people[0].is_active);
    }
}
