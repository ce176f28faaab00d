//! Asking a directory for one address: the live look-up of relay check `ldap`.

use crate::panel::directory::search::FILTER;
use crate::panel::directory::{LdapReach, Login, ask};
use ldap3::ldap_escape;
use std::collections::BTreeSet;

/// Whether the directory has one of these names of a recipient, as `mail` or in `proxyAddresses`, among those that it is
/// asked for.
///
/// # Errors
/// Why there is no answer, in the words of whoever refused.
pub(crate) async fn knows(reach: &LdapReach, login: &Login, domain: &str, names: &BTreeSet<&str>) -> Result<bool, String> {
    let base = if login.filter.is_empty() { FILTER } else { &login.filter };
    let one = |name: &&str| {
        let name = ldap_escape(*name);
        format!("(mail={name})(proxyAddresses=smtp:{name})(proxyAddresses=SMTP:{name})")
    };
    let filter = format!("(&{base}(|{}))", names.iter().map(one).collect::<String>());
    let login = Login { filter, ..login.clone() };
    let answer = ask(reach, &login, domain, BTreeSet::from([domain.to_owned()])).await?;
    // who has it as an alias may live in another domain
    Ok(answer.count() + answer.elsewhere > 0)
}
