//! Places where a project and a new version have changed the same lines.

/// Whose lines are taken where both sides have changed the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Choice {
    /// Both, between marks as git writes them
    Markers,
    /// The project's
    Mine,
    /// The new version's
    Theirs,
}

/// Lines that both have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The first of them in the project's file, from 1.
    pub line: usize,
    pub own: String,
    pub new: String,
}

/// A part of a merged text.
enum Part<'t> {
    Agreed(&'t str),
    Disputed {
        own: String,
        base: String,
        new: String,
    },
}

/// The places in a text with marks of this length.
pub(super) fn places(marked: &str, mark: usize) -> Vec<Place> {
    let mut line = 1;
    let mut places = Vec::new();
    for part in parts(marked, mark) {
        match part {
            Part::Agreed(_) => line += 1,
            Part::Disputed { own, new, .. } => {
                let length = own.lines().count();
                places.push(Place { line, own, new });
                line += length;
            }
        }
    }
    places
}

/// The text with one side's lines at each place, or with both between marks as git writes them.
pub(super) fn resolve(marked: &str, mark: usize, choice: Choice) -> String {
    let mut text = String::with_capacity(marked.len());
    for part in parts(marked, mark) {
        match (part, choice) {
            (Part::Agreed(line), _) => text.push_str(line),
            (Part::Disputed { own, .. }, Choice::Mine) => text.push_str(&own),
            (Part::Disputed { new, .. }, Choice::Theirs) => text.push_str(&new),
            (Part::Disputed { own, base, new }, Choice::Markers) => {
                text.push_str(&format!(
                    "<<<<<<< yours\n{own}||||||| as it was made\n{base}=======\n{new}>>>>>>> the new version\n"
                ));
            }
        }
    }
    text
}

/// Cuts a text at its marks.
fn parts(marked: &str, mark: usize) -> Vec<Part<'_>> {
    let is = |line: &str, letter: char| {
        let length = line.len() - line.trim_start_matches(letter).len();
        length == mark
    };
    let mut parts = Vec::new();
    let mut open: Option<([String; 3], usize)> = None;
    for line in marked.split_inclusive('\n') {
        match &mut open {
            None if is(line, '<') => open = Some((Default::default(), 0)),
            None => parts.push(Part::Agreed(line)),
            Some((_, side)) if is(line, '|') => *side = 1,
            Some((_, side)) if is(line, '=') => *side = 2,
            Some(_) if is(line, '>') => {
                if let Some(([own, base, new], _)) = open.take() {
                    parts.push(Part::Disputed { own, base, new });
                }
            }
            Some((sides, side)) => sides[*side].push_str(line),
        }
    }
    parts
}
