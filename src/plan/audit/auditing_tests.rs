//! What the auditor finds.
