//! The panel's own words in a refusal: problem details (RFC 9457), Django REST framework's messages by field, or what else
//! looks like a message.
//!
//! Deliberately lenient: nothing is decided by a refusal's text, only by its status and code.

use serde_json::{Map, Value};

/// Members that are one message for the whole refusal, best first.
const MESSAGES: [&str; 5] = ["detail", "message", "error_description", "error", "title"];
/// Members that are no message, whatever they hold.
const NO_MESSAGES: [&str; 4] = ["code", "type", "instance", "status"];
/// Names under which messages stand that belong to no field.
const NO_FIELDS: [&str; 2] = ["non_field_errors", "__all__"];
/// Messages that are told of one refusal; the text is cut soon after.
const MOST_MESSAGES: usize = 8;
/// How deep messages may lie.
const DEEPEST: usize = 4;

/// What a refusal says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) code: Option<String>,
    pub(super) text: String,
}

/// Reads the body of a refusal.
pub(super) fn words(media: &str, body: &[u8]) -> Words {
    match serde_json::from_slice(body) {
        Ok(Value::Object(map)) => of_object(&map),
        Ok(Value::Array(list)) => Words { code: None, text: by_field(&Value::Array(list)) },
        Ok(Value::String(text)) => Words { code: None, text: said(text) },
        Ok(Value::Null | Value::Bool(_) | Value::Number(_)) | Err(_) => Words { code: None, text: plain(media, body) },
    }
}

fn of_object(map: &Map<String, Value>) -> Words {
    let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
    let code = text("code");
    let whole = MESSAGES.into_iter().find_map(text);
    let mut text_said = whole.unwrap_or_else(|| {
        let fields = map.iter().filter(|(name, _)| !NO_MESSAGES.contains(&name.as_str()));
        by_field(&Value::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect()))
    });
    if let Some(until) = text("expires_at") {
        text_said = format!("{text_said} (until {until})");
    }
    Words { code, text: text_said }
}

/// `{"name": ["taken"], "transport": {"host": ["bad"]}}` as `name: taken; transport.host: bad`.
fn by_field(value: &Value) -> String {
    let mut found = Vec::new();
    collect(value, "", 0, &mut found);
    said(found.join("; "))
}

fn collect(value: &Value, at: &str, depth: usize, found: &mut Vec<String>) {
    if found.len() >= MOST_MESSAGES || depth > DEEPEST {
        return;
    }
    match value {
        Value::String(text) if text.trim().is_empty() => {}
        Value::String(text) if at.is_empty() => found.push(text.trim().to_owned()),
        Value::String(text) => found.push(format!("{at}: {}", text.trim())),
        Value::Array(list) => list.iter().for_each(|inner| collect(inner, at, depth + 1, found)),
        Value::Object(map) => {
            for (name, inner) in map {
                let here = match (at, NO_FIELDS.contains(&name.as_str())) {
                    (_, true) => at.to_owned(),
                    ("", false) => name.clone(),
                    (at, false) => format!("{at}.{name}"),
                };
                collect(inner, &here, depth + 1, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn plain(media: &str, body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    if media.contains("html") || text.starts_with('<') {
        return "an HTML page".to_owned();
    }
    said(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn said(text: String) -> String {
    if text.is_empty() { "it gave no reason".to_owned() } else { text }
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
        assert_eq!(words("application/json", b"503").text, "503");
    }

    #[test]
    fn messages_by_field_are_one_line() {
        let json = |body: &str| words("application/json", body.as_bytes()).text;
        assert_eq!(json(r#"{"name":["domain with this name already exists."]}"#), "name: domain with this name already exists.");
        assert_eq!(json(r#"{"transport":{"x":["msg"]}}"#), "transport.x: msg");
        assert_eq!(json(r#"{"b":["one","two"],"a":"three"}"#), "a: three; b: one; b: two");
        assert_eq!(json(r#"{"non_field_errors":["both"],"mailbox":{"__all__":["quota"]}}"#), "mailbox: quota; both");
        assert_eq!(json(r#"{"detail":"Not found."}"#), "Not found.");
        assert_eq!(json(r#"{"status":400,"error":{"name":["bad"]}}"#), "error.name: bad");
        assert_eq!(json(r#"["Unknown domain"]"#), "Unknown domain");
        assert_eq!(json(r#"[{},{"address":[" taken "]}]"#), "address: taken");
        assert_eq!(json(r#""plain""#), "plain");
        for empty in ["{}", "[]", "\"\"", r#"{"name":[]}"#, r#"{"name":""}"#, r#"{"a":{"b":{"c":{"d":{"e":"deep"}}}}}"#] {
            assert_eq!(json(empty), "it gave no reason", "{empty}");
        }
        let many = format!("[{}]", vec!["\"x\""; 1000].join(","));
        assert_eq!(json(&many).matches('x').count(), MOST_MESSAGES);
    }
}
