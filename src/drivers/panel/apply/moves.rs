//! An alias that moves between two users: one atomic call for each (S4.5).

use crate::drivers::changes::{Changes, defect};
use crate::drivers::panel::api;
use crate::drivers::panel::apply::send::{Write, key};
use crate::drivers::panel::apply::tenant::outcome;
use crate::drivers::panel::apply::writer::{Done, Writer};
use crate::model::{Fault, Field, OpId};
use crate::plan::Step;
use crate::wire;
use reqwest::Method;

impl Writer {
    /// The step's key is the taker, its cause names the giver, and what its aliases gain is what moves.
    pub(super) async fn move_aliases(&self, step: &Step, op: &OpId) -> Result<Done, Fault> {
        let changes = Changes::only(step, &[Field::UserAliases])?;
        let (Some(giver), moving) = (step.moved_from(), changes.added(Field::UserAliases)?) else {
            return Err(defect(step, "a move that does not say from whom"));
        };
        if moving.is_empty() {
            return Err(defect(step, "a move of nothing"));
        }
        let (to_user, from_user) = (self.same_user(step, &step.key.name).await?, self.user_id(&giver.name).await?);
        let remote = self.remote()?;
        let path = api::moves(&remote);
        let mut replayed = true;
        for (part, address) in moving.into_iter().enumerate() {
            let body = wire::AliasMove { address, from_user: from_user.clone(), to_user: to_user.clone() };
            let made = self.send(Write::new(Method::POST, &path, key(op, step, part)).json(&body)?).await?;
            let moved: wire::AliasMoved = made.read()?;
            let mut known = self.known();
            known.user(&moved.from);
            known.user(&moved.to);
            replayed &= made.replayed;
        }
        Ok((outcome(replayed), None))
    }
}
