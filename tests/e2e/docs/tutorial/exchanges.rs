//! Requests and answers of a chapter: sent, and written as the chapter shows them.

use serde_json::Value;

use super::super::blocks::Block;
use crate::browser::Browser;

/// A line no longer than this has all of an answer.
const WIDTH: usize = 110;

/// What the reader has to copy.
#[derive(Default)]
pub struct Secrets {
    pub token: String,
    pub etag: String,
}

/// Sends the requests of a block, and writes them with their answers in the same form. Of the answer's headers those are
/// written that the block has. `TOKEN` is the reader's token, `ETAG` the tag that was answered before.
pub fn send(browser: &mut Browser, block: &Block, secrets: &mut Secrets) -> String {
    let mut shown = Vec::new();
    for exchange in split(&block.text) {
        let exchange = exchange.replace("ETAG", &secrets.etag);
        let (head, rest) = exchange
            .split_once("\n\n")
            .unwrap_or((exchange.trim_end(), ""));
        let mut lines = head.lines();
        let first = lines.next().expect("a request");
        let (method, path) = first.split_once(' ').expect("a method and a path");
        let headers: Vec<_> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.replace("TOKEN", &secrets.token)))
            .collect();
        // A body has no empty line in it.
        let has_body = !rest.is_empty() && status(rest).is_none();
        let (body, answer) = if has_body {
            rest.split_once("\n\n").unwrap_or((rest, ""))
        } else {
            ("", rest)
        };
        let got = browser.exchange(method, path, &headers, body.trim());
        if method == "GET" {
            secrets.etag = got.header("etag").to_owned();
        }
        let wanted = answer
            .lines()
            .skip(1)
            .take_while(|line| !line.starts_with(['{', '[', '"']));
        let names = wanted.filter_map(|line| line.split_once(": ").map(|(name, _)| name));
        let mut text = format!("{head}\n\n");
        if has_body {
            text.push_str(body.trim());
            text.push_str("\n\n");
        }
        text.push_str(&format!("{} {}\n", got.status, reason(got.status)));
        for name in names {
            text.push_str(&format!("{name}: {}\n", got.header(name)));
        }
        if let Ok(json) = serde_json::from_str::<Value>(&got.body) {
            text.push_str(&write(&json, 0));
            text.push('\n');
        }
        shown.push(text);
    }
    shown.join("\n")
}

/// Returns whether a block shows the same, but for what it leaves out: an answer without a body is not shown.
pub fn is_same(shown: &str, text: &str) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat(shown) == flat(text)
}

/// The requests of a block: each begins with a method.
fn split(text: &str) -> Vec<String> {
    let methods = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS "];
    let mut parts: Vec<String> = Vec::new();
    for line in text.lines() {
        if methods.iter().any(|method| line.starts_with(method)) {
            parts.push(String::new());
        }
        let part = parts.last_mut().expect("a request first");
        part.push_str(line);
        part.push('\n');
    }
    parts
}

fn status(text: &str) -> Option<u16> {
    let word = text.split_whitespace().next()?;
    word.parse().ok().filter(|code| (200..600).contains(code))
}

fn reason(status: u16) -> &'static str {
    let status = ureq::http::StatusCode::from_u16(status).ok();
    status
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default()
}

/// Writes JSON with spaces, in one line if it fits.
fn write(json: &Value, indent: usize) -> String {
    let line = write_line(json);
    if line.len() + indent <= WIDTH {
        return line;
    }
    let inner = indent + 2;
    let items: Vec<_> = match json {
        Value::Array(items) => items.iter().map(|item| write(item, inner)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), write(value, inner)))
            .collect(),
        _ => return line,
    };
    let (open, close) = if json.is_array() {
        ('[', ']')
    } else {
        ('{', '}')
    };
    let items = items.join(&format!(",\n{:inner$}", ""));
    format!("{open}\n{:inner$}{items}\n{:indent$}{close}", "", "")
}

fn write_line(json: &Value) -> String {
    match json {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(write_line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                format!("{}: {}", Value::from(name.as_str()), write_line(value))
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
