//! The known word that somebody may have meant.

/// Words so alike are one word with a slip of the finger, on the scale of Jaro and Winkler.
const ALIKE: f64 = 0.88;

/// Returns the known word that is most like `word`.
pub fn nearest<T: AsRef<str>>(word: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    rank(word, known).map(|(_, known)| known)
}

/// Returns the known word that `word` is a slip for, if it is like one but not the same.
pub fn intended<T: AsRef<str>>(word: &str, known: impl IntoIterator<Item = T>) -> Option<T> {
    let others = known.into_iter().filter(|known| known.as_ref() != word);
    let (likeness, known) = rank(word, others)?;
    (likeness >= ALIKE).then_some(known)
}

fn rank<T: AsRef<str>>(word: &str, known: impl IntoIterator<Item = T>) -> Option<(f64, T)> {
    let likeness = |known: T| (strsim::jaro_winkler(known.as_ref(), word), known);
    let ranked = known.into_iter().map(likeness);
    ranked.max_by(|a, b| a.0.total_cmp(&b.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_told_from_another_word() {
        let known = ["Date", "Time", "Decimal"];
        assert_eq!(intended("Dat", known), Some("Date"));
        assert_eq!(intended("Complex", known), None);
        assert_eq!(intended("Date", ["Date"]), None);
        assert_eq!(nearest("Dezimalzahl", known), Some("Decimal"));
    }
}
