//! The tutorial, whose chapters are data: what a reader does in them, as steps that a program can take.

pub mod blocks;
mod step;

use include_dir::{Dir, include_dir};

pub use step::Step;

static CHAPTERS: Dir = include_dir!("$CARGO_MANIFEST_DIR/docs/tutorial");

/// A chapter of the tutorial.
#[derive(Clone, Copy, Debug)]
pub struct Chapter {
    /// From 1.
    pub number: usize,
    /// For example `Models and migrations`.
    pub title: &'static str,
    /// All of it, as Markdown.
    pub text: &'static str,
}

impl Chapter {
    /// What its reader does to the project's files and its database, in order.
    ///
    /// ```
    /// use backsmith::tutorial::{Step, chapters};
    ///
    /// let third = chapters()[2];
    /// let command = ["startproject", "core", "."].map(str::to_owned);
    /// assert_eq!(third.steps(), [Step::Run(command.to_vec())]);
    /// ```
    pub fn steps(&self) -> Vec<Step> {
        let document = format!("chapter {}", self.number);
        let blocks = blocks::parse(&document, self.text);
        blocks.iter().flat_map(step::of).collect()
    }
}

/// All chapters in their order: the files that begin with a number.
pub fn chapters() -> Vec<Chapter> {
    let read = |file: &'static include_dir::File<'static>| {
        let name = file.path().file_stem()?.to_str()?;
        let number = name.split('-').next()?.parse().ok()?;
        let text = file.contents_utf8()?;
        let heading = text.lines().next()?;
        let (_, title) = heading.split_once(". ")?;
        Some(Chapter {
            number,
            title,
            text,
        })
    };
    let mut chapters: Vec<_> = CHAPTERS.files().filter_map(read).collect();
    chapters.sort_by_key(|chapter| chapter.number);
    chapters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_are_numbered_without_a_gap() {
        let numbers: Vec<_> = chapters().iter().map(|chapter| chapter.number).collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
    }
}
