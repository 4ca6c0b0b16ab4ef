//! The way through the pages of a list, as far as the answer tells.

use axum::http::Uri;
use serde::Serialize;
use serde_json::Value;

use crate::Context;
use crate::http::query::query_pairs;
use crate::query::pagination::links::{parse, url};
use crate::rest::view::View;

/// How many pages are named on each side of this one.
const PAGES_AROUND: u64 = 2;

/// The position of a page in its list, and the other pages.
#[derive(Debug, Serialize)]
pub(super) struct Pager {
    /// The first and the last row of the page, from 1 on, and how many there are in all.
    rows: Option<(u64, u64, u64)>,
    previous: Option<String>,
    next: Option<String>,
    /// The pages by their numbers, if they have any.
    pages: Vec<Link>,
}

/// A page by its number.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Link {
    number: u64,
    url: String,
    is_current: bool,
    /// Pages before it are left out.
    is_after_gap: bool,
}

impl Pager {
    /// The way from the page that `data` is, if it is a page at all.
    pub fn of(ctx: &Context, view: &View, data: &Value) -> Option<Self> {
        let link = |name: &str| data[name].as_str().map(str::to_owned);
        let (previous, next) = (link("previous"), link("next"));
        let size = data["results"].as_array()?.len() as u64;
        let count = data["count"].as_u64();
        let knows = |name: &str| view.pages.iter().any(|parameter| parameter.name == name);
        let number = |name: &str| ctx.query(name).as_deref().and_then(parse);
        let current = knows("page").then(|| match &previous {
            Some(previous) => page_of(previous).saturating_add(1),
            None => 1,
        });
        let before = match (current, count) {
            // The last page may have fewer rows than the others.
            (Some(_), Some(count)) if next.is_none() => count.saturating_sub(size),
            (Some(current), _) => (current - 1).saturating_mul(size),
            (None, _) => number("offset").unwrap_or(0),
        };
        let rows = count.filter(|_| size > 0);
        let pages = match (current, count) {
            (Some(current), Some(_)) if next.is_none() => (current, current),
            (Some(current), Some(count)) if size > 0 => (current, count.div_ceil(size)),
            _ => (1, 1),
        };
        Some(Self {
            rows: rows.map(|count| (before + 1, before + size, count)),
            pages: named(pages.0, pages.1)
                .into_iter()
                .map(|(number, is_after_gap)| Link {
                    url: url(ctx, &[("page", (number > 1).then(|| number.to_string()))]),
                    is_current: number == pages.0,
                    number,
                    is_after_gap,
                })
                .collect(),
            previous,
            next,
        })
    }
}

/// The number in the URL of a page.
fn page_of(url: &str) -> u64 {
    let uri: Uri = url.parse().unwrap_or_default();
    let mut pairs = query_pairs(&uri);
    let page = pairs.find(|(name, _)| name == "page");
    page.and_then(|(_, number)| parse(&number)).unwrap_or(1)
}

/// Chooses the pages up to `last` that are named on the page `current`: the first, the last, and those
/// around it, each with whether others are left out before it. None if there is only one.
fn named(current: u64, last: u64) -> Vec<(u64, bool)> {
    if last < 2 {
        return Vec::new();
    }
    // A gap of one page would be no shorter than the page.
    let from = match current.saturating_sub(PAGES_AROUND) {
        0..=3 => 1,
        from => from,
    };
    let to = match current.saturating_add(PAGES_AROUND) {
        to if to.saturating_add(2) >= last => last,
        to => to,
    };
    let mut numbers: Vec<_> = (from..=to).map(|number| (number, number == from)).collect();
    match from {
        1 => numbers[0].1 = false,
        _ => numbers.insert(0, (1, false)),
    }
    if to < last {
        numbers.push((last, true));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(current: u64, last: u64, expected: &str) {
        let named = named(current, last).into_iter();
        let named = named.map(|(number, is_after_gap)| {
            if is_after_gap {
                format!("… {number}")
            } else {
                number.to_string()
            }
        });
        assert_eq!(named.collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn the_first_the_last_and_those_around() {
        check(1, 1, "");
        check(1, 2, "1 2");
        check(1, 5, "1 2 3 4 5");
        check(1, 9, "1 2 3 … 9");
        check(5, 9, "1 2 3 4 5 6 7 8 9");
        check(6, 11, "1 … 4 5 6 7 8 … 11");
        check(9, 9, "1 … 7 8 9");
        check(2, u64::MAX, "1 2 3 4 … 18446744073709551615");
    }

    #[test]
    fn the_number_of_a_page() {
        assert_eq!(page_of("http://host/api/tasks/?a=b&page=7"), 7);
        assert_eq!(page_of("http://host/api/tasks/?a=b"), 1);
        assert_eq!(page_of("/api/tasks/"), 1);
    }
}
