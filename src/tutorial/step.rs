//! What a block of a chapter does to the reader's folder.

use super::blocks::Block;

/// Commands that write files of a project or change its database, and need no compiler.
const COMMANDS: [&str; 5] = [
    "startproject",
    "startapp",
    "add",
    "makemigrations",
    "migrate",
];

/// Languages of blocks that are only read, or that talk to a running server.
const PROSE: [&str; 3] = ["text", "mermaid", "http"];

/// One thing that a reader does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Runs `backsmith` with these arguments.
    Run(Vec<String>),
    /// Makes a file, or writes all of it again.
    Write { path: String, text: String },
    /// Changes lines that a file has once.
    Edit {
        path: String,
        before: String,
        after: String,
    },
}

/// The steps of a block: none, if it only shows something or is to fail.
pub fn of(block: &Block) -> Vec<Step> {
    if block.says("shown") || block.says("fails") || PROSE.contains(&block.language.as_str()) {
        return Vec::new();
    }
    match (block.language.as_str(), block.path()) {
        ("console", _) => {
            let commands = block.commands().into_iter();
            commands.filter_map(|(line, _)| command(line)).collect()
        }
        ("diff", Some(path)) => {
            let (before, after) = block.sides();
            let path = path.to_owned();
            vec![Step::Edit {
                path,
                before,
                after,
            }]
        }
        (_, Some(path)) => vec![Step::Write {
            path: path.to_owned(),
            text: block.text.clone(),
        }],
        _ => Vec::new(),
    }
}

fn command(line: &str) -> Option<Step> {
    let words = line.strip_prefix("backsmith ")?;
    let words: Vec<_> = words.split(' ').map(str::to_owned).collect();
    COMMANDS
        .contains(&words[0].as_str())
        .then_some(Step::Run(words))
}

#[cfg(test)]
mod tests {
    use super::super::blocks::parse;
    use super::*;

    #[test]
    fn a_block_is_what_its_reader_does() {
        let edit = Step::Edit {
            path: "src/a.rs".to_owned(),
            before: "a\nb\n".to_owned(),
            after: "a\nc\n".to_owned(),
        };
        let migrate = Step::Run(vec!["migrate".to_owned()]);
        let write = Step::Write {
            path: "src/a.rs".to_owned(),
            text: "x\n".to_owned(),
        };
        for (text, steps) in [
            ("```diff src/a.rs\n a\n-b\n+c\n```", vec![edit]),
            (
                "```console\n$ backsmith migrate\nOK\n$ backsmith runserver\n$ ls\n```",
                vec![migrate],
            ),
            ("```console fails\n$ backsmith migrate\n```", vec![]),
            ("```rust src/a.rs\nx\n```", vec![write]),
            ("```rust src/a.rs shown\nx\n```", vec![]),
            ("```http\nGET /\n```", vec![]),
        ] {
            let blocks = parse("a chapter", text);
            let found: Vec<_> = blocks.iter().flat_map(of).collect();
            assert_eq!(found, steps, "{text}");
        }
    }
}
