//! The blocks of code in a document.

use std::path::Path;

/// A block between fences.
#[derive(Clone, Debug, Default)]
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
        let stem = Path::new(&self.document).file_stem().unwrap_or_default();
        let stem = stem.to_string_lossy().to_lowercase().replace('-', "_");
        format!("{stem}_{}", self.line)
    }

    /// The commands after `$`, each with the lines that it is to print.
    pub fn commands(&self) -> Vec<(&str, String)> {
        let mut commands: Vec<(&str, String)> = Vec::new();
        for line in self.text.split_inclusive('\n') {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.trim_end(), String::new())),
                (None, Some((_, expected))) => expected.push_str(line),
                (None, None) => {}
            }
        }
        commands
    }

    /// The lines of a diff before and after: all but those that come (`+`), and all but those that go (`-`).
    pub fn sides(&self) -> (String, String) {
        let side = |without: char| {
            let lines = self.text.split_inclusive('\n');
            let lines = lines.filter(|line| !line.starts_with(without));
            let text = lines.map(|line| line.get(1..).filter(|_| line != "\n").unwrap_or("\n"));
            text.collect::<String>()
        };
        (side('+'), side('-'))
    }

    /// Where it stands.
    pub fn place(&self) -> String {
        format!("{}:{}", self.document, self.line)
    }
}

/// The blocks of a document called `document`, in their order.
pub fn parse(document: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
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
            (None, None) => {}
        }
    }
    blocks
}
