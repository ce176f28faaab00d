//! Import jobs of a domain: what was taken and acts later (S6.2).

use crate::base::DomainName;
use crate::model::{LiveJob, Reason, Scope, Seen};
use crate::plan::join::collect::Join;

impl Join<'_> {
    /// Takes one job.
    pub(super) fn job(&mut self, scope: &Scope, job: LiveJob) {
        let Some(domain) = &scope.domain else { return };
        if let Seen::Present(all) = self.jobs.entry(domain.clone()).or_insert_with(|| Seen::Present(Vec::new())) {
            let at = all.partition_point(|j| (j.submitted_at, &j.id) < (job.submitted_at, &job.id));
            all.insert(at, job);
        }
    }

    /// Says how the reading of a domain's jobs ended: to the end, so that none shown means none, or why not.
    pub fn jobs_ended(&mut self, domain: &DomainName, why: Option<Reason>) {
        match why {
            None => drop(self.jobs.entry(domain.clone()).or_insert_with(|| Seen::Present(Vec::new()))),
            Some(reason) => drop(self.jobs.insert(domain.clone(), Seen::Unknown(reason))),
        }
    }
}
