//! The panel's own words in a refusal: problem details (RFC 9457), or what else looks like a message.
//!
//! Deliberately lenient: nothing is decided by a refusal's text, only by its status and code.

use serde_json::Value;

/// What a refusal says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) code: Option<String>,
    pub(super) text: String,
}

/// Reads the body of a refusal.
pub(super) fn words(media: &str, body: &[u8]) -> Words {
    if let Ok(Value::Object(map)) = serde_json::from_slice(body) {
        let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
        let said = ["detail", "message", "error_description", "error", "title"].into_iter().find_map(text);
        let mut said = said.unwrap_or_else(|| "it gave no reason".into());
        if let Some(until) = text("expires_at") {
            said = format!("{said} (until {until})");
        }
        return Words { code: text("code"), text: said };
    }
    let plain = String::from_utf8_lossy(body);
    let plain = plain.trim();
    let text = match plain {
        "" => "it gave no reason".to_owned(),
        _ if media.contains("html") || plain.starts_with('<') => "an HTML page".to_owned(),
        _ => plain.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    Words { code: None, text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_gives_code_and_detail() {
        let got = words("application/problem+json", br#"{"code":"lease_held","title":"T","detail":"D","expires_at":"E"}"#);
        assert_eq!(got, Words { code: Some("lease_held".into()), text: "D (until E)".into() });
    }

    #[test]
    fn anything_else_gives_some_words() {
        assert_eq!(words("text/html", b"<html>").text, "an HTML page");
        assert_eq!(words("text/plain", b" no\n such \xff").text, "no such \u{fffd}");
        assert_eq!(words("", b"").text, "it gave no reason");
        assert_eq!(words("application/json", br#"{"code":7}"#), Words { code: None, text: "it gave no reason".into() });
        assert_eq!(words("application/json", br#"{"error":"x"}"#).text, "x");
    }
}
