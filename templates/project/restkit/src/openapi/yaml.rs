//! A JSON value as YAML. Texts are in JSON's quotes, which YAML has too, so none can be taken for
//! something else.

use std::fmt::Write;

use serde_json::Value;

/// The document, in block style.
pub(super) fn write(value: &Value) -> String {
    let mut text = String::new();
    block(&mut text, value, 0);
    text
}

fn block(text: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                let _ = write!(text, "{:indent$}{}:", "", key(name));
                nested(text, value, indent + 2);
            }
        }
        Value::Array(items) => {
            for item in items {
                let _ = write!(text, "{:indent$}-", "");
                nested(text, item, indent + 2);
            }
        }
        scalar => {
            let _ = writeln!(text, "{scalar}");
        }
    }
}

fn nested(text: &mut String, value: &Value, indent: usize) {
    let is_empty = match value {
        Value::Object(entries) => entries.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    };
    if is_empty {
        let _ = writeln!(text, " {value}");
    } else {
        text.push('\n');
        block(text, value, indent);
    }
}

/// A name that can be nothing else has no quotes.
fn key(name: &str) -> String {
    let is_plain = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-/.".contains(&byte))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&name.to_ascii_lowercase().as_str());
    if is_plain {
        name.to_owned()
    } else {
        Value::from(name).to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn blocks() {
        let value = json!({
            "a": { "200": [], "/x/{id}/": { "y": null } },
            "list": [1, "two: # \n", ["x"], { "k": true }],
        });
        let expected = r#"a:
  "200": []
  "/x/{id}/":
    "y": null
list:
  - 1
  - "two: # \n"
  -
    - "x"
  -
    k: true
"#;
        assert_eq!(write(&value), expected);
    }
}
