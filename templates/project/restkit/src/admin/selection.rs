//! The selected rows of a list.

use sea_orm::Value;
use sea_orm::sea_query::Condition;

use crate::Result;
use crate::admin::bounded_count::{COUNTED, Count, count};
use crate::admin::form_data::FormData;
use crate::admin::listing::Listing;
use crate::admin::model_page::ModelPage;
use crate::admin::store::{Query, Row};
use crate::db::Connection;
use crate::model::value;

/// The field that selects the rows of all pages.
pub(super) const EVERYTHING: &str = "everything";

/// The most rows that one action is applied to: each of them is read, and noted in the history.
const MAX_SELECTED: u64 = COUNTED;

/// The rows that something is to be done to.
pub(super) enum Selection {
    None,
    TooMany,
    Rows(Condition),
}

impl Selection {
    /// The rows that are ticked, or all that the list shows on all of its pages.
    pub async fn read(model_page: &ModelPage<'_>, data: &FormData) -> Result<Self> {
        if data.find(EVERYTHING).is_some() {
            let db = model_page.staff.ctx.db();
            let listing = Listing::read(&model_page.staff.ctx, db, model_page.model).await?;
            let condition = listing.condition();
            let found = count(
                db,
                &model_page.model.table,
                (condition.clone(), MAX_SELECTED),
            )
            .await?;
            return Ok(match found {
                Count::All(_) => Self::Rows(condition),
                Count::MoreThan(_) => Self::TooMany,
            });
        }
        let sample = &model_page.model.key().null;
        let keys = data.all("row").map(|key| value::parse(sample, key).ok());
        let keys: Vec<Value> = keys.flatten().collect();
        Ok(match keys.len() as u64 {
            0 => Self::None,
            number if number > MAX_SELECTED => Self::TooMany,
            _ => Self::Rows(model_page.model.with_keys(keys)),
        })
    }
}

/// The message for a selection that is too large.
pub(super) fn too_many() -> String {
    format!(
        "More than {MAX_SELECTED} items are selected. Narrow the list down first; no items have been changed."
    )
}

/// The rows of a selection, in the model's own order.
pub(super) async fn chosen(
    model_page: &ModelPage<'_>,
    db: &Connection,
    condition: Condition,
) -> Result<Vec<Row>> {
    let mut query = Query::new(condition, MAX_SELECTED);
    query.order = model_page.model.own_order();
    model_page.model.store.rows(db, query).await
}
