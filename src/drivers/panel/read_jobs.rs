//! Reading import jobs: the list, and the rows of those that are under way, failed, or ignored some.
//!
//! The rows tell another machine, and this one without memory, what is on its way (S11.1).

use crate::drivers::panel::api::{self, Api};
use crate::drivers::panel::decode::JobWithRows;
use crate::model::{Fault, Reason};
use crate::wire;
use serde::de::DeserializeOwned;

/// All jobs of a domain, oldest first.
pub(super) async fn jobs(api: &Api, tenant: &str, domain: &str) -> Result<Vec<JobWithRows>, Fault> {
    let mut all = Vec::new();
    for job in whole::<wire::ImportJob>(api, &api::imports(tenant, domain)).await? {
        let matters = job.status != wire::ImportStatus::Effective || !job.ignored.is_empty();
        let rows = if matters { whole(api, &api::import_rows(tenant, domain, &job.id)).await? } else { Vec::new() };
        all.push(JobWithRows { job, rows });
    }
    Ok(all)
}

/// A whole list: its total must be the number of its items (S1.3).
async fn whole<T: DeserializeOwned>(api: &Api, path: &[&str]) -> Result<Vec<T>, Fault> {
    let mut all: Vec<T> = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page: wire::Page<T> = api.page(path, None, cursor.as_deref()).await?.json()?;
        let before = all.len();
        all.extend(page.items);
        cursor = page.next_cursor;
        // pages that add nothing, or more than there is, would never end
        if cursor.is_some() && all.len() > before && all.len() as u64 <= page.total {
            continue;
        }
        if all.len() as u64 != page.total {
            return Err(Fault::Retry { reason: Reason::CountMismatch { said: page.total, seen: all.len() as u64 } });
        }
        return Ok(all);
    }
}
