//! The driver against pages and against a panel.
