//! JSON in pieces, each of a kind that the stylesheet gives a colour, its URLs to click on.

use serde::Serialize;
use serde_json::Value;

/// A piece of the shown JSON.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Piece {
    pub text: String,
    /// `name`, `text`, `number`, `word`, `link`, `key`; nothing for the text between.
    pub kind: &'static str,
}

/// The pieces of a value, laid out for people.
pub(super) fn pieces(value: &Value) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    pieces.value(value, 0);
    pieces.0
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn push(&mut self, text: impl Into<String>, kind: &'static str) {
        let text = text.into();
        match self.0.last_mut() {
            Some(last) if last.kind == kind && kind.is_empty() => last.text.push_str(&text),
            _ => self.0.push(Piece { text, kind }),
        }
    }

    fn line(&mut self, indent: usize) {
        self.push(format!("\n{}", "  ".repeat(indent)), "");
    }

    fn value(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Object(entries) if !entries.is_empty() => {
                self.push("{", "");
                for (number, (name, value)) in entries.iter().enumerate() {
                    self.push(if number > 0 { "," } else { "" }, "");
                    self.line(indent + 1);
                    self.push(Value::from(name.as_str()).to_string(), "name");
                    self.push(": ", "");
                    match value {
                        // The key of a row in a list's page.
                        Value::String(_) | Value::Number(_) if name == "id" && indent == 2 => {
                            self.push(value.to_string(), "key");
                        }
                        value => self.value(value, indent + 1),
                    }
                }
                self.line(indent);
                self.push("}", "");
            }
            Value::Array(items) if !items.is_empty() => {
                self.push("[", "");
                for (number, item) in items.iter().enumerate() {
                    self.push(if number > 0 { "," } else { "" }, "");
                    self.line(indent + 1);
                    self.value(item, indent + 1);
                }
                self.line(indent);
                self.push("]", "");
            }
            Value::String(text) if is_url(text) => {
                self.push("\"", "");
                self.push(text.clone(), "link");
                self.push("\"", "");
            }
            Value::String(_) => self.push(value.to_string(), "text"),
            Value::Number(_) => self.push(value.to_string(), "number"),
            Value::Bool(_) | Value::Null => self.push(value.to_string(), "word"),
            empty => self.push(empty.to_string(), ""),
        }
    }
}

/// Returns whether a text can be in quotes as it is, and is a URL.
fn is_url(text: &str) -> bool {
    let is_web = text.starts_with("http://") || text.starts_with("https://");
    is_web
        && !text.contains(|letter: char| {
            letter.is_whitespace() || "\"\\<>".contains(letter) || letter.is_control()
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_pieces_are_the_json() {
        let value = json!({
            "next": "http://a/?page=2", "title": "http", "x": "http://a b", "n": [1, null, {}, []],
        });
        let pieces = pieces(&value);
        let links = pieces.iter().filter(|piece| piece.kind == "link");
        assert_eq!(
            links.map(|piece| piece.text.as_str()).collect::<Vec<_>>(),
            ["http://a/?page=2"]
        );
        let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(whole, serde_json::to_string_pretty(&value).unwrap());
    }
}
