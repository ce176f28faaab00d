//! Declared attributes against live ones: what becomes a step, what differs only, what a person must do (DESIGN 6).

use crate::model::observed::SourcePos;
use crate::model::{Authority, Field, Key, Support, Value};
use crate::plan::build::ground::Ground;
use crate::plan::{Change, Difference};
use std::collections::BTreeMap;

/// The comparison of one object, sorted by what becomes of each attribute.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Changes that become steps.
    pub changes: Vec<Change>,
    /// Differences that do not: attribute, live, declared.
    pub differs: Vec<(Field, Option<Value>, Option<Value>)>,
    /// Why they do not.
    pub why: &'static str,
    /// Attributes for a person, by what is said.
    pub hand_off: BTreeMap<String, Vec<Change>>,
}

/// Whether a secret is to be sent to a live object: its declared token is known to differ from the one that the panel
/// keeps. `initial` asks for nothing, unless the panel says that it has no secret at all (the empty token).
fn is_new_token(live: Option<&Value>, declared: &Value) -> bool {
    let (Some(Value::Token(live)), Value::Token(declared)) = (live, declared) else {
        return false;
    };
    live != declared && (live.is_empty() || declared != crate::model::directory::INITIAL)
}

const OBSERVED: &str = "under `observe` differences are reported, never changed";
const READABLE: &str = "the panel shows this and cannot be told to change it";

impl Ground<'_> {
    /// Compares declared attributes with live ones (`None`: the object is not there yet).
    pub(super) fn compare(
        &self,
        declared: impl IntoIterator<Item = (Field, Value)>,
        live: Option<&dyn Fn(Field) -> Option<Value>>,
        authority: Authority,
    ) -> Compared {
        let mut out = Compared::default();
        for (field, value) in declared {
            match self.support(field) {
                Support::Managed if authority == Authority::Observe => out.differ(self, field, value, live, OBSERVED),
                Support::Readable => out.differ(self, field, value, live, READABLE),
                Support::Managed => out.change(self, field, value, live),
                Support::HandOff { text } => out.hand_off.entry(text).or_default().push(Change { field, before: None, after: Some(value) }),
                // wave four refused it, or the value is off or empty
                Support::Absent { .. } => {}
            }
        }
        out
    }
}

impl Compared {
    fn change(&mut self, ground: &Ground<'_>, field: Field, value: Value, live: Option<&dyn Fn(Field) -> Option<Value>>) {
        // a secret on a live object is compared by its token, where the panel keeps that (S10.2)
        if let (Some(live), true) = (live, field.is_secret())
            && !is_new_token(live(field).as_ref(), &value)
        {
            return;
        }
        let before = live.and_then(|l| l(field));
        let after = ground.canonical(field, value);
        if before.as_ref() != Some(&after) {
            self.changes.push(Change { field, before, after: Some(after) });
        }
    }
    fn differ(
        &mut self,
        ground: &Ground<'_>,
        field: Field,
        value: Value,
        live: Option<&dyn Fn(Field) -> Option<Value>>,
        why: &'static str,
    ) {
        let (Some(live), false) = (live, field.is_secret()) else {
            return;
        };
        let (before, after) = (live(field), ground.canonical(field, value));
        if before.as_ref() != Some(&after) {
            self.differs.push((field, before, Some(after)));
            self.why = why;
        }
    }
    /// The differences as the report has them.
    pub(super) fn difference(&mut self, key: &Key, at: Option<SourcePos>) -> Option<Difference> {
        let fields = std::mem::take(&mut self.differs);
        (!fields.is_empty()).then(|| Difference { key: key.clone(), fields, why: self.why.to_owned(), at })
    }
}

/// A declared object that is not there, where nothing may be done about it.
pub(super) fn is_missing(key: &Key, at: Option<SourcePos>) -> Difference {
    Difference { key: key.clone(), fields: Vec::new(), why: "it is declared and not there; under `observe` it is not created".into(), at }
}
