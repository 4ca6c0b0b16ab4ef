//! Rust as rustfmt lays it out.

/// The widest line that rustfmt leaves as it is.
pub const WIDTH: usize = 100;
/// The widest list in one line, and the widest chain of calls.
pub const MAX_LIST: usize = 60;

/// The brackets of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brackets {
    Braces,
    Square,
}

/// A list in brackets as rustfmt writes it: in one line if it fits, else an item a line. One item of a `use` needs no
/// braces.
pub fn list(
    before: &str,
    indent: &str,
    items: impl IntoIterator<Item = String>,
    after: &str,
    brackets: Brackets,
) -> String {
    let items: Vec<_> = items.into_iter().collect();
    let (open, close) = match brackets {
        Brackets::Braces if items.len() == 1 => ("", ""),
        Brackets::Braces => ("{", "}"),
        Brackets::Square => ("[", "]"),
    };
    let line = format!("{indent}{before}{open}{}{close}{after}", items.join(", "));
    let is_narrow = brackets == Brackets::Braces || items.join(", ").len() <= MAX_LIST;
    // An import has to leave room for one letter more.
    let is_short = match brackets {
        Brackets::Braces => line.len() < WIDTH,
        Brackets::Square => line.len() <= WIDTH,
    };
    if is_short && is_narrow {
        return line;
    }
    let inner = format!("{indent}    ");
    let items = match brackets {
        Brackets::Square => items.join(&format!(",\n{inner}")),
        Brackets::Braces => fill(&items, &inner),
    };
    format!("{indent}{before}{open}\n{inner}{items},\n{indent}{close}{after}")
}

/// A call as rustfmt writes it: its arguments in one line if they are short, else each on its own.
pub fn call(before: &str, indent: &str, arguments: &[String], after: &str) -> String {
    let line = arguments.join(", ");
    if line.len() <= MAX_LIST {
        return format!("{indent}{before}({line}){after}");
    }
    let lines = arguments.join(&format!(",\n{indent}    "));
    format!("{indent}{before}(\n{indent}    {lines},\n{indent}){after}")
}

/// As many items in a line as there is room for.
fn fill(items: &[String], indent: &str) -> String {
    let mut text = String::new();
    let mut width = indent.len();
    for item in items {
        if text.is_empty() {
            width += item.len();
        } else if width + 2 + item.len() < WIDTH {
            text.push_str(", ");
            width += 2 + item.len();
        } else {
            text.push_str(&format!(",\n{indent}"));
            width = indent.len() + item.len();
        }
        text.push_str(item);
    }
    text
}
