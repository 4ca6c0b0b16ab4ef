//! `?search=`: DRF's `SearchFilter`.

use sea_orm::DbBackend;
use sea_orm::sea_query::Condition;

use super::pattern::Part;
use super::place::Place;
use super::{pattern, value};

/// More words would be more than databases take.
const MAX_WORDS: usize = 50;

/// Rows in which every word is found in one of the columns.
///
/// # Errors
///
/// If no database takes the text.
pub(super) fn condition(
    places: &[(Place, Part)],
    text: &str,
    backend: DbBackend,
) -> Result<Condition, String> {
    let words = words(value::plain(text)?);
    if words.len() > MAX_WORDS {
        let many = words.len();
        return Err(format!(
            "Ensure this value has at most {MAX_WORDS} words (it has {many})."
        ));
    }
    let found = |word: &str| {
        let each = places.iter().map(|(place, part)| {
            let text = place.column().as_text();
            let found = pattern::ignoring_case(text, word, *part, backend);
            place.condition(Condition::all().add(found))
        });
        each.fold(Condition::any(), Condition::add)
    };
    let words = words.iter().map(|word| found(word));
    Ok(words.fold(Condition::all(), Condition::add))
}

/// Words are parted by spaces and commas; a text in quotes is one word.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            quote @ ('"' | '\'') if word.is_empty() && is_closed(letters.clone(), quote) => {
                let phrase = letters.by_ref().take_while(|letter| *letter != quote);
                words.push(phrase.collect());
            }
            ',' => words.push(std::mem::take(&mut word)),
            letter if letter.is_whitespace() => words.push(std::mem::take(&mut word)),
            letter => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.trim().is_empty());
    words
}

/// Returns whether a quoted phrase that begins here also ends, and a word with it.
fn is_closed(mut letters: impl Iterator<Item = char>, quote: char) -> bool {
    let ends_word = |letter: char| letter == ',' || letter.is_whitespace();
    letters.any(|letter| letter == quote) && letters.next().is_none_or(ends_word)
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_and_phrases() {
        for (text, expected) in [
            ("", vec![]),
            ("  a  b ", vec!["a", "b"]),
            ("a,b,,c", vec!["a", "b", "c"]),
            ("\"two words\" three", vec!["two words", "three"]),
            ("'two words',three", vec!["two words", "three"]),
            ("it's o'clock", vec!["it's", "o'clock"]),
            ("'tis open", vec!["'tis", "open"]),
            ("\"\" \" \"", vec![]),
            ("5\" disk", vec!["5\"", "disk"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
