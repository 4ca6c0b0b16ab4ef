//! The blocks of code in a document.

use std::fs;
use std::path::Path;

/// A block between fences.
#[derive(Clone, Debug)]
pub struct Block {
    /// For example `docs/rest.md`.
    pub document: String,
    /// Where the block begins, from 1.
    pub line: usize,
    /// The language after the fence.
    pub language: String,
    /// The words after the language: the path of a file, or what is to be done with the block.
    pub words: Vec<String>,
    pub text: String,
}

impl Block {
    /// Returns whether the fence has this word.
    pub fn says(&self, word: &str) -> bool {
        self.words.iter().any(|other| other == word)
    }

    /// The file that the block is, if it is one.
    pub fn path(&self) -> Option<&str> {
        let path = self.words.iter().find(|word| word.contains('/'));
        path.map(String::as_str)
    }

    /// A name for messages and modules: `rest_42`.
    pub fn name(&self) -> String {
        let stem = Path::new(&self.document).file_stem().expect("a name");
        let stem = stem.to_string_lossy().to_lowercase().replace('-', "_");
        format!("{stem}_{}", self.line)
    }

    /// The commands after `$`, each with the lines that it is to print.
    ///
    /// # Panics
    ///
    /// If there are lines before the first command.
    pub fn commands(&self) -> Vec<(&str, String)> {
        let mut commands: Vec<(&str, String)> = Vec::new();
        for line in self.text.split_inclusive('\n') {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.trim_end(), String::new())),
                (None, Some((_, expected))) => expected.push_str(line),
                (None, None) => panic!("{}: `{line}` is before any command", self.place()),
            }
        }
        commands
    }

    /// Where it stands.
    pub fn place(&self) -> String {
        format!("{}:{}", self.document, self.line)
    }
}

/// The blocks of a document of this repository, in their order.
///
/// # Panics
///
/// If a block is indented and not fenced: nobody could say what is to be done with it.
pub fn read(document: &str) -> Vec<Block> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{document}: {error}"));
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    let mut before = "";
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(fence)) => {
                let mut words = fence.split_whitespace().map(str::to_owned);
                open = Some(Block {
                    document: document.to_owned(),
                    line: number + 1,
                    language: words.next().unwrap_or_default(),
                    words: words.collect(),
                    text: String::new(),
                });
            }
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {
                let is_indented = line.starts_with("    ") && before.is_empty();
                let is_code = is_indented && !line.trim_start().starts_with(['-', '*', '|']);
                assert!(!is_code, "{document}:{}: fence this block", number + 1);
            }
        }
        before = line.trim();
    }
    assert!(open.is_none(), "{document}: a block is not closed");
    blocks
}
