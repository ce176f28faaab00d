//! A call that did not succeed: the remedy for everybody, and the panel's own code for its driver.

use crate::model::{Fault, Reason};

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct Trouble {
    /// Sorted by remedy.
    pub fault: Fault,
    /// The panel's problem code (RFC 9457 extension member `code`), where it sent one.
    pub code: Option<String>,
}

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Self {
        trouble.fault
    }
}
impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self { fault, code: None }
    }
}

/// An answer that cannot be used. A read may be repeated; of a call that must happen once nobody knows what it did.
pub(super) fn unusable(once: bool, text: String) -> Fault {
    if once { Fault::OutcomeUnknown { text } } else { Fault::Retry { reason: Reason::Malformed { text } } }
}

/// What a status other than success and redirection means.
pub(super) fn of_status(once: bool, status: u16, fenced: bool, after_seconds: Option<u64>, text: String) -> Fault {
    match status {
        _ if fenced => Fault::Fenced { text },
        401 | 403 => Fault::Denied { reason: Reason::Denied { status, text } },
        404 | 410 => Fault::Missing { text },
        409 | 412 => Fault::Conflict { text },
        423 => Fault::Fenced { text },
        425 => Fault::Retry { reason: Reason::Status { status, text } },
        429 => Fault::Throttled { after_seconds },
        // 408: the server gave up on the request; how much of it was carried out it does not say
        408 | 500.. if once => Fault::OutcomeUnknown { text: format!("the panel answered {status}: {text}") },
        503 if after_seconds.is_some() => Fault::Throttled { after_seconds },
        408 | 500.. => Fault::Retry { reason: Reason::Status { status, text } },
        _ => Fault::Rejected { text: format!("{status}: {text}") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_remedy() {
        let read = |status| of_status(false, status, false, None, "words".into());
        let write = |status| of_status(true, status, false, None, "words".into());
        for status in [401, 403] {
            assert!(matches!(write(status), Fault::Denied { reason: Reason::Denied { status: s, .. } } if s == status));
        }
        for status in [500, 502, 503, 504, 408] {
            assert!(matches!(read(status), Fault::Retry { reason: Reason::Status { status: s, .. } } if s == status));
            assert!(matches!(write(status), Fault::OutcomeUnknown { .. }));
        }
        assert!(matches!(write(404), Fault::Missing { .. }));
        assert!(matches!(write(409), Fault::Conflict { .. }) && matches!(write(412), Fault::Conflict { .. }));
        assert!(matches!(write(423), Fault::Fenced { .. }));
        assert!(matches!(of_status(true, 409, true, None, String::new()), Fault::Fenced { .. }));
        for status in [400, 405, 413, 415, 422, 418] {
            assert!(matches!(write(status), Fault::Rejected { text } if text.contains("words")), "{status}");
        }
        assert_eq!(of_status(true, 429, false, Some(3), String::new()), Fault::Throttled { after_seconds: Some(3) });
        assert_eq!(of_status(false, 503, false, Some(3), String::new()), Fault::Throttled { after_seconds: Some(3) });
    }
}
