//! Asking a directory for one address: the live look-up of relay check `ldap`.

use crate::panel::directory::search::FILTER;
use crate::panel::directory::{LdapReach, Login, ask};
use ldap3::ldap_escape;
use std::collections::BTreeSet;

/// Whether the directory has the address, as `mail` or in `proxyAddresses`, among those that it is asked for.
///
/// # Errors
/// Why there is no answer, in the words of whoever refused.
pub(crate) async fn knows(reach: &LdapReach, login: &Login, domain: &str, address: &str) -> Result<bool, String> {
    let base = if login.filter.is_empty() { FILTER } else { &login.filter };
    let name = ldap_escape(address);
    let filter = format!("(&{base}(|(mail={name})(proxyAddresses=smtp:{name})(proxyAddresses=SMTP:{name})))");
    let login = Login { filter, ..login.clone() };
    let answer = ask(reach, &login, domain, BTreeSet::from([domain.to_owned()])).await?;
    // who has it as an alias may live in another domain
    Ok(answer.count() + answer.elsewhere > 0)
}
