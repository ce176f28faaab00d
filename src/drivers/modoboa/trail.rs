//! Who changed an object: Modoboa's audit trail, read for one name.
//!
//! The trail says who and when, to the minute, and not what. Its times are texts in the language of the reader, so they are
//! shown and never compared.

use crate::drivers::modoboa::api::Api;
use crate::drivers::modoboa::raw::LogLine;
use crate::model::{Fault, Key, Kind};

/// Lines that are told of one object.
const TOLD: usize = 3;

/// The newest lines about an object.
pub(super) async fn trail(api: &Api, key: &Key) -> Result<Vec<String>, Fault> {
    // changed parameters leave no line
    if key.kind == Kind::PasswordPolicy {
        return Ok(Vec::new());
    }
    let lines = api.log(&key.name).await?;
    Ok(lines.iter().filter_map(|line| told(line, key)).take(TOLD).collect())
}

/// `Modoboa admin console | domain 'x.example' modified by user other` as `modified by user other, …`; `None`: it is about
/// another object.
fn told(line: &LogLine, key: &Key) -> Option<String> {
    let (_, said) = line.message.split_once(" | ")?;
    let (what, rest) = said.split_once(" '")?;
    let (name, done) = rest.split_once("' ")?;
    let kinds: &[&str] = match key.kind {
        Kind::Domain => &["domain", "relaydomain", "relay domain", "transport"],
        _ => &["user", "account", "mailbox", "alias"],
    };
    let is = kinds.iter().any(|kind| what.eq_ignore_ascii_case(kind)) && name.eq_ignore_ascii_case(&key.name);
    is.then(|| format!("{what} {done}, {} (the panel's log)", line.date_created))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::TenantName;

    #[test]
    fn a_line_is_about_one_object() {
        let line = |message: &str| LogLine { date_created: "11/22/2026 9:12 p.m.".into(), message: message.into() };
        let key = |kind, name: &str| Key::new(&TenantName::parse("acme").unwrap(), kind, name);
        let said = told(&line("Modoboa admin console | domain 'x.example' modified by user other"), &key(Kind::Domain, "x.example"));
        assert_eq!(said.as_deref(), Some("domain modified by user other, 11/22/2026 9:12 p.m. (the panel's log)"));
        assert_eq!(told(&line("Modoboa core | user 'j@x.example' added by user admin"), &key(Kind::User, "jane@x.example")), None);
        assert_eq!(told(&line("Modoboa core | user 'x.example' added by user admin"), &key(Kind::Domain, "x.example")), None);
        assert_eq!(told(&line("nothing of the kind"), &key(Kind::Domain, "x.example")), None);
    }
}
