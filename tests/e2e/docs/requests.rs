//! Requests and their answers, as documents show them:
//!
//! ```http
//! POST /api/tasks/
//! Authorization: Token ada
//!
//! {"title": "Learn Rust"}
//!
//! 201 Created
//! {"id": 1, "title": "Learn Rust", "completed": false}
//! ```

use serde_json::Value;

use super::blocks::Block;

/// One request, and what is answered.
#[derive(Debug)]
pub struct Exchange {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub status: u16,
    /// Nothing if the document does not show it.
    pub answer: Option<Value>,
}

/// The exchanges of a block, which blank lines and status lines part.
pub fn read(block: &Block) -> Vec<Exchange> {
    let mut exchanges = Vec::new();
    let mut lines = block.text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((method, path)) = line.split_once(' ').filter(|(word, _)| is_method(word)) else {
            assert!(
                line.trim().is_empty(),
                "{}: `{line}` is not a request",
                block.place()
            );
            continue;
        };
        let mut headers = Vec::new();
        while let Some((name, value)) = lines.peek().and_then(|line| line.split_once(": ")) {
            if name.starts_with(['{', '"', ' ']) {
                break;
            }
            headers.push((name.to_owned(), value.to_owned()));
            lines.next();
        }
        let mut body = String::new();
        let mut status = None;
        for line in lines.by_ref() {
            let code = line
                .split(' ')
                .next()
                .and_then(|word| word.parse::<u16>().ok());
            if let Some(code) = code.filter(|code| (200..600).contains(code)) {
                status = Some(code);
                break;
            }
            body.push_str(line);
            body.push('\n');
        }
        let status = status.unwrap_or_else(|| panic!("{}: no status", block.place()));
        let mut answer = String::new();
        while let Some(line) = lines.peek() {
            if line
                .split_once(' ')
                .is_some_and(|(word, _)| is_method(word))
            {
                break;
            }
            answer.push_str(line);
            answer.push('\n');
            lines.next();
        }
        let answer = match answer.trim() {
            "" => None,
            text => Some(serde_json::from_str(text).unwrap_or_else(|error| {
                panic!("{}: the answer is not JSON: {error}: {text}", block.place())
            })),
        };
        exchanges.push(Exchange {
            method: method.to_owned(),
            path: path.trim().to_owned(),
            headers,
            body: body.trim().to_owned(),
            status,
            answer,
        });
    }
    exchanges
}

fn is_method(word: &str) -> bool {
    ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(&word)
}
