//! The blocks of code in a document of this repository.

use std::fs;
use std::path::Path;

pub use backsmith::tutorial::blocks::Block;
use backsmith::tutorial::blocks::parse;

/// The blocks of a document, in their order.
///
/// # Panics
///
/// If nobody could say what is to be done with a block: it is indented and not fenced, or never closed, or it has lines
/// before its first command.
pub fn read(document: &str) -> Vec<Block> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{document}: {error}"));
    let fences = text.lines().filter(|line| line.starts_with("```"));
    assert!(
        fences.count().is_multiple_of(2),
        "{document}: a block is not closed"
    );
    let blocks = parse(document, &text);
    for block in &blocks {
        let is_console = block.language == "console";
        let begins_well = !is_console || block.text.starts_with("$ ");
        assert!(
            begins_well,
            "{}: a line is before any command",
            block.place()
        );
    }
    check_indented(document, &text);
    blocks
}

fn check_indented(document: &str, text: &str) {
    let mut is_fenced = false;
    let mut before = "";
    for (number, line) in text.lines().enumerate() {
        is_fenced ^= line.starts_with("```");
        let is_indented = line.starts_with("    ") && before.is_empty();
        let is_code = is_indented && !line.trim_start().starts_with(['-', '*', '|']);
        assert!(
            is_fenced || !is_code,
            "{document}:{}: fence this block",
            number + 1
        );
        before = line.trim();
    }
}
