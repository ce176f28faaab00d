//! The jobs of the batch in hand: begun in order, so that what is open is few whatever the batch holds.
//!
//! Invariant: jobs before `begun` are in flight or over, the others are queued; `in_flight` names the former that are
//! not over, in order. Whatever is asked at each step costs what is in flight, never what the batch holds. Deliberately
//! absent: what a job does.

use crate::plan::run::job::{Job, Stage};
use std::ops::{Index, IndexMut};

/// Jobs by number.
#[derive(Debug, Default)]
pub(super) struct Jobs {
    all: Vec<Job>,
    begun: usize,
    in_flight: Vec<usize>,
}

impl Jobs {
    /// Jobs of which none has begun.
    pub(super) fn new(all: Vec<Job>) -> Self {
        Self { all, begun: 0, in_flight: Vec::new() }
    }
    /// Numbers of those that have begun and are not over, in order.
    pub(super) fn open(&mut self) -> Vec<usize> {
        self.drop_over();
        self.in_flight.clone()
    }
    /// Those that have begun and are not over, in order.
    pub(super) fn open_mut(&mut self) -> impl Iterator<Item = &mut Job> {
        let first = self.in_flight.first().copied().unwrap_or(self.begun);
        self.all[first..self.begun].iter_mut().filter(|j| j.stage != Stage::Over)
    }
    /// The number of the first open one of which something is true.
    pub(super) fn position(&self, is: impl Fn(&Job) -> bool) -> Option<usize> {
        self.in_flight.iter().copied().find(|at| is(&self.all[*at]))
    }
    /// Takes the next queued one, where fewer than `room` are open.
    pub(super) fn next_queued(&mut self, room: usize) -> Option<usize> {
        self.drop_over();
        if self.in_flight.len() >= room || self.begun == self.all.len() {
            return None;
        }
        self.begun += 1;
        self.in_flight.push(self.begun - 1);
        Some(self.begun - 1)
    }
    /// Whether none is queued or open.
    pub(super) fn are_over(&self) -> bool {
        self.begun == self.all.len() && self.position(|j| j.stage != Stage::Over).is_none()
    }
    /// All that are queued or open.
    pub(super) fn not_over(&self) -> impl Iterator<Item = &Job> {
        self.all.iter().filter(|j| j.stage != Stage::Over)
    }

    fn drop_over(&mut self) {
        let Self { all, in_flight, .. } = self;
        in_flight.retain(|at| all[*at].stage != Stage::Over);
    }
}

impl Index<usize> for Jobs {
    type Output = Job;
    fn index(&self, at: usize) -> &Job {
        &self.all[at]
    }
}

impl IndexMut<usize> for Jobs {
    fn index_mut(&mut self, at: usize) -> &mut Job {
        &mut self.all[at]
    }
}
