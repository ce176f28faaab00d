//! A panel in memory, for simulation, the exam and benches.
