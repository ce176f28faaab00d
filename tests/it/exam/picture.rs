//! What is live, in words that no driver owns: objects by kind and name, attributes by name.
//!
//! Read with a fresh reader of the driver, page by page, without the engine.

use mailwright::base::{DomainName, ProviderName, TenantName};
use mailwright::model::capability::Tenancy;
use mailwright::model::{Capabilities, Field, Key, Kind, LiveHead, LiveUser, Object, Scope, Support, UsersBy, Value};
use mailwright::port::{Driver, Observe, Secrets};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// Attributes of an object by name: those that could be read.
pub type Attrs = BTreeMap<String, Json>;
/// Objects by `kind/name`.
pub type Picture = BTreeMap<String, Attrs>;

/// The label of a user's password, beside its attributes, where the panel tells.
pub const PASSWORD: &str = "password";

/// Puts an object into a picture.
///
/// # Errors
/// It is there already: a duplicate.
pub fn put(picture: &mut Picture, key: String, attrs: Attrs) -> Result<(), String> {
    match picture.insert(key.clone(), attrs) {
        None => Ok(()),
        Some(_) => Err(format!("{key} is there twice")),
    }
}

/// A value as JSON; sets are sorted.
pub fn json_of(value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::Token(text) => json!(text),
        Value::Switch(on) => json!(on),
        Value::Number(n) => json!(n),
        Value::List(all) => json!(all),
        Value::Set(all) => json!(all),
    }
}

/// Attributes of a kind as they are shown.
pub fn attrs_of<'a>(all: impl IntoIterator<Item = (&'a Field, &'a Value)>) -> Attrs {
    all.into_iter().map(|(field, value)| (field.name().to_owned(), json_of(value))).collect()
}

/// Whether objects of the kind can be read.
pub fn is_read(caps: &Capabilities, kind: Kind) -> bool {
    matches!(caps.kind(kind).support, Support::Managed | Support::Readable)
}

/// Everything of a tenant that the driver reads; empty where there is no such tenant.
///
/// # Errors
/// A read that failed, or a duplicate.
pub async fn read(driver: &dyn Driver, secrets: &dyn Secrets, provider: &ProviderName, tenant: &TenantName) -> Result<Picture, String> {
    let reader = driver.reader(secrets).map_err(|fault| fault.to_string())?;
    let mut reading = Reading { reader, provider, tenant, remote: None, picture: Picture::new(), domains: BTreeSet::new() };
    let caps = driver.capabilities();
    reading.bind(caps).await?;
    if reading.remote.is_none() {
        return Ok(reading.picture);
    }
    for kind in [Kind::PasswordPolicy, Kind::Domain, Kind::SendingDomain, Kind::SmtpUser] {
        if is_read(caps, kind) {
            reading.scope(kind, None).await?;
        }
    }
    let (domains, mut seen) = (reading.domains.clone(), false);
    for domain in &domains {
        for kind in [Kind::User, Kind::Directory, Kind::Discovery, Kind::Continuity] {
            let once = kind == Kind::User && caps.pages.users_by == UsersBy::Tenant && seen;
            if is_read(caps, kind) && !once {
                reading.scope(kind, Some(domain)).await?;
            }
        }
        seen = true;
    }
    Ok(reading.picture)
}

struct Reading<'a> {
    reader: Box<dyn Observe>,
    provider: &'a ProviderName,
    tenant: &'a TenantName,
    remote: Option<String>,
    picture: Picture,
    domains: BTreeSet<DomainName>,
}

impl Reading<'_> {
    /// Finds the tenant by its name, where the panel has more than one.
    async fn bind(&mut self, caps: &Capabilities) -> Result<(), String> {
        if caps.tenancy == Tenancy::Instance {
            self.remote = Some(String::new());
            return Ok(());
        }
        let (mut all, scope) = (Vec::new(), Scope { provider: self.provider.clone(), tenant: None, domain: None, kind: Kind::Tenant });
        let mut cursor = None;
        loop {
            let page = self.reader.fetch(&scope, None, cursor).await.map_err(|fault| fault.to_string())?;
            let each = &mut |object: Object<'_>| {
                if let Object::Tenant(tenant) = object {
                    all.push((tenant.name, tenant.id));
                }
            };
            self.reader.decode(&page, each).map_err(|fault| fault.to_string())?;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        self.remote = all.into_iter().find(|(name, _)| name == self.tenant.as_str()).map(|(_, id)| id);
        Ok(())
    }

    async fn scope(&mut self, kind: Kind, domain: Option<&DomainName>) -> Result<(), String> {
        let scope = Scope { provider: self.provider.clone(), tenant: Some(self.tenant.clone()), domain: domain.cloned(), kind };
        let (mut cursor, mut wrong) = (None, Vec::new());
        loop {
            let page = self.reader.fetch(&scope, self.remote.as_deref(), cursor).await.map_err(|fault| format!("{scope}: {fault}"))?;
            let (picture, domains) = (&mut self.picture, &mut self.domains);
            let each = &mut |object: Object<'_>| {
                let (key, attrs) = match object {
                    Object::Head(head) => {
                        if head.key.kind == Kind::Domain {
                            domains.extend(DomainName::parse(&head.key.name).ok());
                        }
                        (name_of(&head), attrs_of(&head.attrs))
                    }
                    Object::User(user) => (format!("user/{}", user.address), user_attrs(&user)),
                    Object::Tenant(_) | Object::Recipient { .. } | Object::Job(_) => return,
                };
                wrong.extend(put(picture, key, attrs).err());
            };
            self.reader.decode(&page, each).map_err(|fault| format!("{scope}: {fault}"))?;
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        wrong.into_iter().next().map_or(Ok(()), Err)
    }
}

/// SMTP users are told by their label: the user name is the panel's to choose.
fn name_of(head: &LiveHead) -> String {
    match head.attrs.get(&Field::SmtpUserLabel) {
        Some(Value::Text(label)) if head.key.kind == Kind::SmtpUser => format!("smtp-user/{label}"),
        _ => show(&head.key),
    }
}

/// `kind/name`, as pictures have it.
pub fn show(key: &Key) -> String {
    match key.kind {
        Kind::PasswordPolicy => "password-policy".to_owned(),
        _ => key.to_string(),
    }
}

fn user_attrs(user: &LiveUser<'_>) -> Attrs {
    let fields = Field::of(Kind::User).filter_map(|field| Some((field.name().to_owned(), json_of(&user.value(field)?))));
    let label = user.access.as_ref().and_then(|access| access.password_label.as_ref());
    fields.chain(label.map(|label| (PASSWORD.to_owned(), json!(label)))).collect()
}
