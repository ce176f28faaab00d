//! Floor 5: the one place that drives both the planner and a driver: load, observe, plan, approve, execute, verify.
