//! `?cursor=...`: DRF's `CursorPagination`, by keys and never by counting rows.

use sea_orm::sea_query::{Condition, Order, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use super::keyset::{Key, Position};
use super::list::List;
use super::page::Page;
use super::{Shape, keyset, links};
use crate::secrets::{is_signed, sign_for};
use crate::{Context, Error, Result, Settings};

/// The page of `select` that the request asks for, of `size` rows.
///
/// # Errors
///
/// 404 "Invalid cursor" for one that was not made for this list in this order.
pub(super) async fn page(ctx: &Context, mut list: List, size: u64) -> Result<Page<QueryResult>> {
    let size = size.min(links::MAX_NUMBER - 1);
    let backend = ctx.db().get_database_backend();
    let direction = list.order.last();
    let direction = direction.map_or(Order::Asc, |(_, last)| last.clone());
    let order = list.order_with_key(direction).into_iter();
    let keys: Vec<_> = order
        .map(|column| Key::of(column, &list.columns, backend))
        .collect();
    let signer = Signer {
        settings: ctx.settings(),
        table: list.columns.table,
    };
    let cursor = match ctx.query("cursor").filter(|text| !text.is_empty()) {
        Some(text) => Some(Cursor::read(&text, &keys, &signer).ok_or_else(invalid)?),
        None => None,
    };
    list.select.clear_order_by();
    keyset::select_raw(&mut list.select, &keys);
    let mut results = rows(ctx, &list.select, (&keys, cursor.as_ref()), size + 1).await?;
    let read = results.len();
    results.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    let has_more = read > results.len();
    let position = |row: Option<&QueryResult>| {
        row.map(|row| keyset::position(&keys, row, &(list.values)(row)?))
            .transpose()
    };
    let ends = (position(results.first())?, position(results.last())?);
    let links = Links::of(cursor, ends, has_more);
    let url = |link: Link| match link {
        Link::Start => links::url(ctx, &[("cursor", None)]),
        Link::To(cursor) => links::url(ctx, &[("cursor", Some(cursor.write(&keys, &signer)))]),
    };
    if links.is_reversed {
        results.reverse();
    }
    Ok(Page {
        count: None,
        next: links.next.map(url),
        previous: links.previous.map(url),
        results,
        shape: Shape::Linked,
    })
}

fn invalid() -> Error {
    Error::NotFound("Invalid cursor".to_owned())
}

/// At most `limit` rows from the cursor on, in the direction that it goes.
async fn rows(
    ctx: &Context,
    select: &SelectStatement,
    (keys, cursor): (&[Key], Option<&Cursor>),
    limit: u64,
) -> Result<Vec<QueryResult>> {
    let db = ctx.db();
    let is_reversed = cursor.is_some_and(|cursor| cursor.is_reversed);
    let pieces = match cursor {
        Some(cursor) => keyset::after(keys, &cursor.values, is_reversed),
        None => vec![Condition::all()],
    };
    let mut rows = Vec::new();
    for piece in pieces {
        let missing = limit.saturating_sub(rows.len() as u64);
        if missing == 0 {
            break;
        }
        let mut select = select.clone();
        keyset::order(&mut select, keys, is_reversed);
        rows.extend(
            db.query_all(select.cond_where(piece).limit(missing))
                .await?,
        );
    }
    Ok(rows)
}

/// The key that cursors are signed by, and the table whose lists they are for.
struct Signer<'a> {
    settings: &'a Settings,
    table: &'a str,
}

impl Signer<'_> {
    fn purpose(&self) -> String {
        format!("restkit.cursor.{}", self.table)
    }
}

/// A place in a list, and the direction to go on from there.
#[derive(Clone, Debug, PartialEq)]
struct Cursor {
    is_reversed: bool,
    position: Position,
    /// The position, as values of the columns.
    values: Vec<Value>,
}

impl Cursor {
    fn at(position: Position, is_reversed: bool) -> Self {
        Self {
            is_reversed,
            position,
            values: Vec::new(),
        }
    }

    /// Writes the order, the direction and the position for a URL, signed.
    fn write(&self, keys: &[Key], signer: &Signer<'_>) -> String {
        let direction = if self.is_reversed { "-" } else { "+" };
        let head = [Some(names(keys)), Some(direction.to_owned())];
        let parts: Vec<_> = head.iter().chain(&self.position).collect();
        let text = hex::encode(serde_json::to_string(&parts).unwrap_or_default());
        let signature = sign_for(signer.settings, &signer.purpose(), &text);
        format!("{text}.{signature}")
    }

    /// Reads one that was made here, for a list in this order.
    fn read(text: &str, keys: &[Key], signer: &Signer<'_>) -> Option<Self> {
        let (text, signature) = text.split_once('.')?;
        if !is_signed(signer.settings, &signer.purpose(), text, signature) {
            return None;
        }
        let text = hex::decode(text).ok()?;
        let mut parts: Vec<Option<String>> = serde_json::from_slice(&text).ok()?;
        if parts.len() != keys.len() + 2 || parts[0].as_ref() != Some(&names(keys)) {
            return None;
        }
        let is_reversed = match parts[1].as_deref() {
            Some("+") => false,
            Some("-") => true,
            _ => return None,
        };
        let position = parts.split_off(2);
        let values = keys.iter().zip(&position);
        let values = values.map(|(key, text)| key.value(text.as_deref()));
        Some(Self {
            is_reversed,
            values: values.collect::<Option<_>>()?,
            position,
        })
    }
}

fn names(keys: &[Key]) -> String {
    keys.iter().map(Key::name).collect::<Vec<_>>().join(",")
}

/// The links of a page.
struct Links {
    is_reversed: bool,
    next: Option<Link>,
    previous: Option<Link>,
}

enum Link {
    /// The first page.
    Start,
    To(Cursor),
}

impl Links {
    /// The links of a page that `cursor` led to; `ends` are its first and last row in the direction
    /// of the cursor, and `has_more` says whether rows follow in that direction.
    fn of(
        cursor: Option<Cursor>,
        (first, last): (Option<Position>, Option<Position>),
        has_more: bool,
    ) -> Self {
        let is_reversed = cursor.as_ref().is_some_and(|cursor| cursor.is_reversed);
        let to = |at: Option<Position>, is_reversed| {
            at.map(|position| Link::To(Cursor::at(position, is_reversed)))
        };
        let onward = to(last, is_reversed).filter(|_| has_more);
        // From a page without rows one gets back to where one came from.
        let back = cursor.and_then(|cursor| {
            let here = (!is_reversed).then_some(cursor.position);
            to(first.or(here), !is_reversed).or(Some(Link::Start))
        });
        let (next, previous) = if is_reversed {
            (back, onward)
        } else {
            (onward, back)
        };
        Self {
            is_reversed,
            next,
            previous,
        }
    }
}
