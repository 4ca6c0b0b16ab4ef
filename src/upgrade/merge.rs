//! Three texts made one: as it was made, as it is, as it is to be.

use diffy::MergeOptions;

use super::conflict::{Choice, Place, places, resolve};

/// So many letters as no text has in a row.
const MARK: usize = 61;

/// A text that was merged, or the places where both sides have changed the same lines.
pub(super) fn merge(
    base: &str,
    own: &str,
    new: &str,
    choice: Option<Choice>,
) -> Result<String, Vec<Place>> {
    let mut options = MergeOptions::new();
    options.set_conflict_marker_length(MARK);
    match (options.merge(base, own, new), choice) {
        (Ok(merged), _) => Ok(merged),
        (Err(marked), None) => Err(places(&marked, MARK)),
        (Err(marked), Some(choice)) => Ok(resolve(&marked, MARK, choice)),
    }
}
