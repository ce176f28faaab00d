//! Exact outputs of hand-built plans, kept as files under `tests/data/render/`.

mod drift_classes;
mod findings;
mod golden;
mod machine;
mod plans;
mod texts;
