//! The list of a model's rows.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::Path;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

use crate::admin::bounded_count::Count;
use crate::admin::check;
use crate::admin::field::Field;
use crate::admin::filters::{dates, filters};
use crate::admin::form_data::FormData;
use crate::admin::listing::{Found, Listing};
use crate::admin::model::Shown;
use crate::admin::model_page::ModelPage;
use crate::admin::staff::Staff;
use crate::admin::store::Row;
use crate::db::Connection;
use crate::error::NON_FIELD;
use crate::model::value;
use crate::model::value::Kind;
use crate::{FieldErrors, Result};

/// The head of a column.
#[derive(Serialize)]
struct Head {
    label: String,
    /// Sorts by it, or turns the order around.
    url: String,
    /// As ARIA says it: `ascending`, `descending` or `none`.
    sorted: &'static str,
}

/// One row.
#[derive(Serialize)]
struct Line {
    key: String,
    label: String,
    url: String,
    cells: Vec<Cell>,
}

/// One value.
#[derive(Serialize)]
struct Cell {
    text: String,
    /// `yes`, `no`, `number` or nothing in particular.
    kind: &'static str,
    /// The field for changing it right here.
    field: Option<Field>,
}

/// GET /admin/{app}/{model}/
pub(super) async fn rows(
    staff: Staff,
    Path((app, slug)): Path<(String, String)>,
) -> Result<Response> {
    let model_page = ModelPage::find(&staff, &app, &slug)?;
    staff.require(&app, "view", &slug)?;
    page(&model_page, &BTreeMap::new(), None).await
}

/// The page with the list; `errors` are those of the values that were changed in it, by row, and those
/// about all of it by no row. What was `typed` into it is shown again.
pub(super) async fn page(
    model_page: &ModelPage<'_>,
    errors: &BTreeMap<String, FieldErrors>,
    typed: Option<&FormData>,
) -> Result<Response> {
    let ctx = &model_page.staff.ctx;
    let db = ctx.db();
    let listing = Listing::read(ctx, db, model_page.model).await?;
    let found = listing.find(db).await?;
    let (previous, next) = listing.neighbours(&found);
    let options = &model_page.model.options;
    let lines = lines(model_page, db, &found, (errors, typed)).await?;
    ctx.render(
        "admin/list.html",
        context! {
            place => model_page.crumbs(),
            heads => Serde(heads(&listing)),
            rows => Serde(lines),
            count => found.count.to_string(),
            filters => Serde(filters(model_page.site, db, &listing).await?),
            dates => Serde(dates(db, &listing).await?),
            has_search => !options.search.is_empty(),
            q => listing.get("q"),
            kept => listing.kept().cloned().collect::<Vec<_>>(),
            narrowed => listing.is_narrowed(),
            everything => ctx.uri.path(),
            page => listing.page,
            pages => match found.count {
                Count::All(number) => Some(number.div_ceil(options.per_page).max(1)),
                Count::MoreThan(_) => None,
            },
            previous,
            next,
            actions => &options.actions,
            editable => !options.editable.is_empty() && model_page.may("change"),
            has_errors => !errors.is_empty(),
            general => errors.get("").and_then(|errors| errors.get(NON_FIELD)),
        },
    )
}

fn heads(listing: &Listing<'_>) -> Vec<Head> {
    let sorted = listing.sorted();
    let heads = listing.model.options.list.iter().map(|shown| match shown {
        Shown::Cell(number) => Head {
            label: listing.model.options.cells[*number].clone(),
            url: String::new(),
            sorted: "none",
        },
        Shown::Column(number) => {
            let column = &listing.model.columns[*number];
            let is_down = sorted
                .filter(|(other, _)| other == number)
                .map(|(_, down)| down);
            let (next, sorted) = match is_down {
                Some(false) => (format!("-{}", column.name), "ascending"),
                Some(true) => (column.name.to_owned(), "descending"),
                None => (column.name.to_owned(), "none"),
            };
            Head {
                label: column.label.clone(),
                url: listing.url(&[("o", &next)]),
                sorted,
            }
        }
    });
    heads.collect()
}

async fn lines(
    model_page: &ModelPage<'_>,
    db: &Connection,
    found: &Found,
    (errors, typed): (&BTreeMap<String, FieldErrors>, Option<&FormData>),
) -> Result<Vec<Line>> {
    let labels = labels(model_page, db, &found.rows).await?;
    let query = model_page.staff.ctx.uri.query().unwrap_or_default();
    let query: String = form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let query = if query.is_empty() {
        query
    } else {
        format!("?list={query}")
    };
    let none = FieldErrors::new();
    let mut lines = Vec::new();
    for row in &found.rows {
        let errors = errors.get(&row.key).unwrap_or(&none);
        let mut cells = Vec::new();
        for shown in &model_page.model.options.list {
            cells.push(cell(model_page, db, (row, *shown), &labels, (errors, typed)).await?);
        }
        lines.push(Line {
            url: format!("{}change/{query}", model_page.url_of(&row.key)),
            key: row.key.clone(),
            label: row.label.clone(),
            cells,
        });
    }
    Ok(lines)
}

/// How the rows that the columns of the list refer to are called, by column and key.
async fn labels(
    model_page: &ModelPage<'_>,
    db: &Connection,
    rows: &[Row],
) -> Result<BTreeMap<usize, BTreeMap<String, String>>> {
    let mut labels = BTreeMap::new();
    for shown in &model_page.model.options.list {
        let Shown::Column(number) = shown else {
            continue;
        };
        let refers = model_page.model.columns[*number].refers.as_ref();
        if let Some(other) = refers.and_then(|(table, _)| model_page.site.of_table(table)) {
            let keys: BTreeSet<_> = rows
                .iter()
                .map(|row| value::text(&row.values[*number]))
                .collect();
            let keys = keys.iter().map(String::as_str);
            labels.insert(*number, other.labels(db, keys).await?);
        }
    }
    Ok(labels)
}

async fn cell(
    model_page: &ModelPage<'_>,
    db: &Connection,
    (row, shown): (&Row, Shown),
    labels: &BTreeMap<usize, BTreeMap<String, String>>,
    (errors, typed): (&FieldErrors, Option<&FormData>),
) -> Result<Cell> {
    let number = match shown {
        Shown::Cell(number) => {
            let text = row.cells[number].clone();
            return Ok(Cell {
                text,
                kind: "",
                field: None,
            });
        }
        Shown::Column(number) => number,
    };
    let column = &model_page.model.columns[number];
    let text = value::text(&row.values[number]);
    let is_editable =
        model_page.model.options.editable.contains(&number) && model_page.may("change");
    let field = if is_editable {
        let prefix = format!("{}-", row.key);
        let fields = model_page.fields(db, &prefix);
        let was = text.clone();
        let value = typed.filter(|typed| typed.all("shown").any(|key| key == row.key));
        let value = value.map(|data| check::typed(column, data, &prefix));
        let value = value.unwrap_or_else(|| text.clone());
        let mut field = fields.field(number, value, false, errors).await?;
        field.was = was;
        Some(field)
    } else {
        None
    };
    let label = labels
        .get(&number)
        .and_then(|labels| labels.get(&text))
        .cloned();
    let choice = column.choices.iter().find(|(value, _)| *value == text);
    let text = label
        .or(choice.map(|(_, label)| label.clone()))
        .unwrap_or(text);
    let (text, kind) = match (column.kind, text.as_str()) {
        (_, "") => ("–".to_owned(), "none"),
        (Kind::Bool, "true") => ("Yes".to_owned(), "yes"),
        (Kind::Bool, _) => ("No".to_owned(), "no"),
        (Kind::DateTime, _) => (minutes(&text), ""),
        (Kind::Integer | Kind::Number, _) if column.refers.is_none() => (text, "number"),
        _ => (text, ""),
    };
    Ok(Cell { text, kind, field })
}

/// A moment in a list needs no seconds.
fn minutes(text: &str) -> String {
    text.replacen('T', " ", 1).chars().take(16).collect()
}
