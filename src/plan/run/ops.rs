//! Ids of operations: made once from run and step, repeated where memory holds an open intent (DESIGN 3, S10.4).

use crate::base::digest::{Digest, Encoder};
use crate::model::OpId;
use crate::plan::step::Batch;
use std::collections::BTreeMap;

/// Ids of this run, and those that earlier runs left open.
#[derive(Debug)]
pub struct Ops {
    run: String,
    open: BTreeMap<Digest, OpId>,
    /// How many steps each open operation had.
    sizes: BTreeMap<OpId, usize>,
}

impl Ops {
    /// From the id of the run and the open intents of memory.
    #[must_use]
    pub fn new(run: &str, open: &BTreeMap<Digest, OpId>) -> Self {
        let mut sizes = BTreeMap::new();
        for op in open.values() {
            *sizes.entry(op.clone()).or_default() += 1;
        }
        Self { run: run.to_owned(), open: open.clone(), sizes }
    }
    /// The id of a call, and whether an earlier run made it. An open id is repeated only for the very same steps: under
    /// it the panel may know another body else.
    #[must_use]
    pub fn of(&self, batch: &Batch) -> (OpId, bool) {
        let open = batch.steps.first().and_then(|s| self.open.get(&s.id));
        let whole =
            |op: &&OpId| batch.steps.iter().all(|s| self.open.get(&s.id) == Some(*op)) && self.sizes.get(*op) == Some(&batch.steps.len());
        if let Some(op) = open.filter(whole) {
            return (op.clone(), true);
        }
        let digest = match batch.steps.as_slice() {
            [one] if !batch.bulk => one.id,
            many => {
                let mut e = Encoder::new("mailwright call");
                e.number(u64::from(batch.bulk)).number(many.len() as u64);
                for step in many {
                    e.bytes(&step.id.0);
                }
                e.finish()
            }
        };
        (OpId(format!("{}-{}", self.run, &digest.to_string()[..16])), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing_plans::create;

    #[test]
    fn an_open_id_is_repeated_for_the_same_steps_only() {
        let (a, b) = (create("acme", "a@acme.example"), create("acme", "b@acme.example"));
        let batch = |bulk, steps: &[&crate::plan::Step]| Batch { bulk, steps: steps.iter().map(|s| (*s).clone()).collect() };
        let fresh = Ops::new("r2", &BTreeMap::new());
        let id = OpId(format!("r2-{}", &a.id.to_string()[..16]));
        assert_eq!(fresh.of(&batch(false, &[&a])), (id.clone(), false));
        let bulk = OpId("r1-bulk".into());
        let open = BTreeMap::from([(a.id, bulk.clone()), (b.id, bulk.clone())]);
        let later = Ops::new("r2", &open);
        assert_eq!(later.of(&batch(true, &[&a, &b])), (bulk, true));
        assert_eq!(later.of(&batch(false, &[&a])), (id, false), "a single call is not the bulk call");
        let single = Ops::new("r2", &BTreeMap::from([(a.id, OpId("r1-a".into()))]));
        assert_eq!(single.of(&batch(false, &[&a])), (OpId("r1-a".into()), true));
    }
}
