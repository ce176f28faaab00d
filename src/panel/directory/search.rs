//! The search: in pages, with smaller ones where the directory refuses the size, and proven to have come to its end.

use crate::panel::directory::entry::ATTRIBUTES;
use crate::panel::directory::session::{Login, words};
use crate::panel::limits::{LDAP_ENTRIES, LDAP_PAGE, LDAP_PAGE_LEAST, LDAP_SEARCH_SECONDS};
use ldap3::adapters::{Adapter, EntriesOnly, PagedResults};
use ldap3::{Ldap, LdapError, Scope, SearchEntry};
use std::time::Duration;

/// `adminLimitExceeded`: the page is larger than the directory allows.
const PAGE_TOO_LARGE: u32 = 11;
/// What is asked for where nothing else is said.
pub(super) const FILTER: &str = "(&(objectClass=user)(|(mail=*)(proxyAddresses=*)))";

type Adapters<'a> = Vec<Box<dyn Adapter<'a, &'static str, Vec<&'static str>> + 'a>>;

/// All entries, or why there are not all of them.
pub(super) async fn all(ldap: &mut Ldap, login: &Login, unpaged: bool) -> Result<Vec<SearchEntry>, String> {
    let mut size = LDAP_PAGE;
    loop {
        match pages(ldap, login, (!unpaged).then_some(size)).await {
            Err(LdapError::LdapResult { result }) if result.rc == PAGE_TOO_LARGE && size > LDAP_PAGE_LEAST && !unpaged => {
                size = (size / 2).max(LDAP_PAGE_LEAST);
            }
            Err(error) => return Err(words(&error)),
            Ok((_, refs)) if !refs.is_empty() => {
                return Err(format!("the answer is incomplete: it refers to {}, which is not followed", refs.join(", ")));
            }
            Ok((entries, _)) if entries.len() > LDAP_ENTRIES => return Err(format!("more than {LDAP_ENTRIES} entries")),
            Ok((entries, _)) => return Ok(entries),
        }
    }
}

async fn pages(ldap: &mut Ldap, login: &Login, size: Option<i32>) -> Result<(Vec<SearchEntry>, Vec<String>), LdapError> {
    let mut adapters: Adapters<'_> = vec![Box::new(EntriesOnly::new())];
    if let Some(size) = size {
        adapters.push(Box::new(PagedResults::new(size)));
    }
    let filter = if login.filter.is_empty() { FILTER } else { &login.filter };
    let ldap = ldap.with_timeout(Duration::from_secs(LDAP_SEARCH_SECONDS));
    let mut stream = ldap.streaming_search_with(adapters, &login.search_base, Scope::Subtree, filter, ATTRIBUTES.to_vec()).await?;
    let mut entries = Vec::new();
    while let Some(entry) = stream.next().await? {
        // one more than allowed is enough to know
        if entries.len() <= LDAP_ENTRIES {
            entries.push(SearchEntry::construct(entry));
        }
    }
    // an answer that was cut off ends like a whole one; only its result tells
    let result = stream.finish().await;
    let refs = result.refs.clone();
    result.success()?;
    Ok((entries, refs))
}
