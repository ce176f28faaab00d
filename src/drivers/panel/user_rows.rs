//! A page of users, decoded borrowed and handed on one by one: no list of rows is ever built.
//!
//! Hot: a million users pass here. Texts are slices of the page unless they hold escapes; a user costs one allocation
//! (its list of aliases) and none where it has no alias. [`Row`] is `wire::UserRow` with instants that are read fast; a
//! test holds the two together.

use crate::base::Timestamp;
use crate::base::printable::printable_short;
use crate::drivers::panel::canonical::Canon;
use crate::drivers::panel::convert::{malformed, origin, user_kind, user_status};
use crate::drivers::panel::instant;
use crate::model::{Fault, LiveAccess, LiveUser, Object};
use crate::wire::user_row::Text;
use crate::wire::{Access, Kind, Origin, Status};
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

/// Decodes the users of a page of `domain`.
pub(super) fn decode(body: &str, domain: &str, each: &mut dyn FnMut(Object<'_>)) -> Result<(), Fault> {
    let mut json = serde_json::Deserializer::from_str(body);
    let rows = Rows { domain, canon: Canon::default(), each };
    json.deserialize_map(PageVisitor(rows)).and_then(|()| json.end()).map_err(|error| malformed(&error.to_string()))
}

/// A user of the page; see [`crate::wire::User`] for the meaning of each field.
#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    address: Text<'a>,
    #[serde(borrow)]
    first_name: Text<'a>,
    #[serde(borrow)]
    last_name: Text<'a>,
    #[serde(borrow)]
    aliases: Vec<Text<'a>>,
    kind: Kind,
    status: Status,
    origin: Origin,
    #[serde(deserialize_with = "instant::deserialize")]
    created_at: Timestamp,
    billable: bool,
    mails_30d: u64,
    #[serde(default, deserialize_with = "instant::maybe")]
    last_mail_at: Option<Timestamp>,
    #[serde(default)]
    access: Option<Box<Access>>,
    version: u64,
}

struct Rows<'e> {
    domain: &'e str,
    canon: Canon,
    each: &'e mut dyn FnMut(Object<'_>),
}

struct PageVisitor<'e>(Rows<'e>);

impl<'de> Visitor<'de> for PageVisitor<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a page of users")
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut seen = false;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == "items" {
                if seen {
                    return Err(A::Error::duplicate_field("items"));
                }
                seen = true;
                map.next_value_seed(&mut self.0)?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        if seen { Ok(()) } else { Err(A::Error::missing_field("items")) }
    }
}

impl<'de> DeserializeSeed<'de> for &mut Rows<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<(), D::Error> {
        d.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for &mut Rows<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of users")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(row) = seq.next_element::<Row<'de>>()? {
            let user = self.live(row).map_err(A::Error::custom)?;
            (self.each)(Object::User(user));
        }
        Ok(())
    }
}

impl Rows<'_> {
    fn live<'a>(&mut self, row: Row<'a>) -> Result<LiveUser<'a>, String> {
        let address = self.address(row.address.0)?;
        if crate::base::address::domain_part(&address) != self.domain {
            return Err(format!("{address} was listed in {}", self.domain));
        }
        let mut aliases: Vec<Cow<'a, str>> = row.aliases.into_iter().map(|text| text.0).collect();
        for alias in &mut aliases {
            *alias = self.address(std::mem::take(alias))?;
        }
        Ok(LiveUser {
            address,
            incarnation: Some(row.id.0),
            version: Some(version(row.version)),
            first_name: row.first_name.0,
            last_name: row.last_name.0,
            aliases,
            kind: user_kind(row.kind),
            status: user_status(row.status),
            group: Cow::Borrowed(""),
            origin: origin(row.origin),
            billable: row.billable,
            created_at: Some(row.created_at),
            mails_30d: Some(row.mails_30d),
            last_mail_at: row.last_mail_at,
            access: row.access.map(|a| Box::new(access(*a))),
        })
    }

    fn address<'a>(&mut self, text: Cow<'a, str>) -> Result<Cow<'a, str>, String> {
        match self.canon.address(text) {
            Ok(address) => Ok(address),
            Err(text) => Err(format!("`{}` is no address", printable_short(&text, 80))),
        }
    }
}

fn access(access: Access) -> LiveAccess {
    LiveAccess {
        has_password: access.has_password,
        password_changed_at: access.password_changed_at,
        password_label: access.password_label,
        signed_in_at: access.signed_in_at,
        mails_sent: access.mails_sent,
    }
}

/// Versions as text; most objects have changed a few times only.
static SMALL: LazyLock<Vec<String>> = LazyLock::new(|| (0..1000).map(|n: u64| n.to_string()).collect());

/// A version as text, without an allocation where it is small.
fn version(number: u64) -> Cow<'static, str> {
    let known = usize::try_from(number).ok().and_then(|at| SMALL.get(at));
    known.map_or_else(|| Cow::Owned(number.to_string()), |text| Cow::Borrowed(text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::UserRow;

    #[test]
    fn a_row_is_the_wires_row() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/wire/");
        for name in ["user.json", "user_without_mail.json", "user_with_access.json"] {
            let text = std::fs::read_to_string(format!("{path}{name}")).unwrap();
            let (one, other): (Row<'_>, UserRow<'_>) = (serde_json::from_str(&text).unwrap(), serde_json::from_str(&text).unwrap());
            assert_eq!((one.id, one.address, one.first_name, one.last_name), (other.id, other.address, other.first_name, other.last_name));
            assert_eq!((one.aliases, one.kind, one.status, one.origin), (other.aliases, other.kind, other.status, other.origin));
            assert_eq!((one.created_at, one.last_mail_at), (other.created_at, other.last_mail_at));
            assert_eq!((one.billable, one.mails_30d, one.version), (other.billable, other.mails_30d, other.version));
            assert_eq!(one.access, other.access);
        }
    }
}
