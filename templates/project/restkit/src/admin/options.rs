//! The options of a model in a project's admin.rs.

use futures_util::future::BoxFuture;
use sea_orm::sea_query::Order;
use sea_orm::{ActiveEnum, EntityTrait, IdenStatic, Related, Value};

use crate::admin::links::Links;
use crate::admin::model::{Inline, Input, RegisteredModel, Shown, choice};
use crate::admin::store::{Saving, Typed};
use crate::model::column::table_of;
use crate::model::{Entity, value};
use crate::{Context, Result};

/// How the admin site shows a model: Django's `ModelAdmin`, with the entity's own columns.
///
/// Without a word more all columns are shown in lists and forms.
///
/// ```
/// use restkit::ModelAdmin;
/// use restkit::auth::models::group::{self, Column};
///
/// let admin = ModelAdmin::new(group::Entity)
///     .list_display([Column::Id, Column::Name])
///     .search_fields([Column::Name]);
/// ```
pub struct ModelAdmin<E: Entity> {
    model: RegisteredModel,
    typed: Typed<E>,
}

impl<E: Entity> ModelAdmin<E> {
    /// The rows of an entity: `ModelAdmin::new(task::Entity)`.
    pub fn new(_: E) -> Self {
        Self {
            model: RegisteredModel::describe::<E>(Box::new(Typed::<E>::default())),
            typed: Typed::default(),
        }
    }

    /// The columns of the list, in this order; the first one leads to the row.
    pub fn list_display(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        let shown = self.numbers(columns).into_iter().map(Shown::Column);
        self.model.options.list.extend(shown);
        self
    }

    /// A column of the list that a function makes, after those that were named before.
    pub fn list_column(
        mut self,
        title: &str,
        cell: impl Fn(&E::Model) -> String + Send + Sync + 'static,
    ) -> Self {
        let number = self.typed.cells.len();
        self.typed.cells.push(Box::new(cell));
        self.model.options.cells.push(title.to_owned());
        self.model.options.list.push(Shown::Cell(number));
        self
    }

    /// Filters beside the list.
    pub fn list_filter(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.model.options.filters = self.numbers(columns);
        self
    }

    /// Searches in these columns.
    pub fn search_fields(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.model.options.search = self.numbers(columns);
        self
    }

    /// An index of SQLite's FTS5 by which a search stays quick at a million rows: a table with the
    /// texts among `search_fields`, pieces of three letters (`tokenize='trigram'`) and the model's
    /// key, a number, as its `rowid`. `makemigrations --empty` makes the file to write it into. On
    /// PostgreSQL an index of `pg_trgm` does the same without a word here.
    pub fn search_index(mut self, table: &'static str) -> Self {
        self.model.options.search_index = Some(table);
        self
    }

    /// The order of the list, until somebody asks for another one.
    pub fn ordering(mut self, columns: impl IntoIterator<Item = (E::Column, Order)>) -> Self {
        let (columns, orders): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
        let columns = self.numbers(columns);
        self.model.options.ordering = columns.into_iter().zip(orders).collect();
        self
    }

    /// How many rows a page of the list has: 100 if nothing is said.
    pub fn list_per_page(mut self, rows: u64) -> Self {
        self.model.options.per_page = rows.max(1);
        self
    }

    /// Columns that can be changed in the list.
    pub fn list_editable(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.model.options.editable = self.numbers(columns);
        self
    }

    /// A date by whose years, months and days the list can be gone through. With many rows it wants
    /// an index, as do columns to filter by.
    pub fn date_hierarchy(mut self, column: E::Column) -> Self {
        self.model.options.date_hierarchy = self.numbers([column]).first().copied();
        self
    }

    /// Columns that are shown and not changed.
    pub fn readonly_fields(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.model.options.readonly = self.numbers(columns);
        self
    }

    /// Columns that are not shown at all.
    pub fn exclude(mut self, columns: impl IntoIterator<Item = E::Column>) -> Self {
        self.model.options.exclude = self.numbers(columns);
        self
    }

    /// A group of fields on the form; a title may be empty. Columns in no group are not shown.
    pub fn fieldset(
        mut self,
        title: &'static str,
        columns: impl IntoIterator<Item = E::Column>,
    ) -> Self {
        let columns = self.numbers(columns);
        self.model.options.fieldsets.push((title, columns));
        self
    }

    /// The choices of a column that holds an enum.
    pub fn choices<A: ActiveEnum<Value: Into<Value>>>(mut self, column: E::Column) -> Self {
        for number in self.numbers([column]) {
            let values = A::values()
                .into_iter()
                .map(|value| value::text(&value.into()));
            self.model.columns[number].choices = values.map(|value| choice(&value)).collect();
        }
        self
    }

    /// How a row is called; without it by its first text.
    pub fn display(mut self, label: impl Fn(&E::Model) -> String + Send + Sync + 'static) -> Self {
        self.typed.display = Some(Box::new(label));
        self
    }

    /// How the model is called: `("person", "people")`.
    pub fn verbose_name(mut self, one: &str, many: &str) -> Self {
        self.model.name = one.to_owned();
        self.model.plural = many.to_owned();
        self
    }

    /// Rows of `R` to choose from, kept in a table between the two.
    pub fn many_to_many<R: EntityTrait>(mut self, label: &str) -> Self
    where
        E: Related<R>,
    {
        if let Some(via) = E::via() {
            self.model
                .options
                .links
                .extend(Links::related(label, &via, &E::to()));
        }
        self
    }

    /// Rows of `R` that refer to this one by `column`, on its page. `R`'s own options hold for them.
    pub fn inline<R: Entity>(mut self, admin: ModelAdmin<R>, column: R::Column) -> Self {
        let model = admin.finish();
        if let Some(column) = model.position(column.as_str()) {
            self.model.options.inlines.push(Inline { model, column });
        }
        self
    }

    /// Something that can be done to the rows that are ticked; it says what it has done.
    ///
    /// ```text
    /// async fn publish(ctx: Context, books: Vec<book::Model>) -> Result<String> { ... }
    /// ```
    pub fn action<F, P>(mut self, title: &str, action: F) -> Self
    where
        F: Fn(Context, Vec<E::Model>) -> P + Send + Sync + 'static,
        P: Future<Output = Result<String>> + Send + 'static,
    {
        self.model.options.actions.push(title.to_owned());
        let action =
            move |ctx, rows| -> BoxFuture<'static, Result<String>> { Box::pin(action(ctx, rows)) };
        self.typed.actions.push(Box::new(action));
        self
    }

    /// Changes a row before it is written: Django's `save_model`.
    pub fn save<F, P>(mut self, save: F) -> Self
    where
        F: Fn(Saving, E::ActiveModel) -> P + Send + Sync + 'static,
        P: Future<Output = Result<E::ActiveModel>> + Send + 'static,
    {
        let save = move |saving, row| -> BoxFuture<'static, Result<E::ActiveModel>> {
            Box::pin(save(saving, row))
        };
        self.typed.save = Some(Box::new(save));
        self
    }

    /// A button that makes a new row of what the form of an old one holds; rows on its page that
    /// refer to it stay the old one's.
    pub fn save_as(mut self) -> Self {
        self.model.options.save_as = true;
        self
    }

    /// Links the page of a row to its page on the site itself.
    ///
    /// ```text
    /// .view_on_site(|book| format!("/books/{}/", book.id))
    /// ```
    pub fn view_on_site(
        mut self,
        url: impl Fn(&E::Model) -> String + Send + Sync + 'static,
    ) -> Self {
        self.typed.page = Some(Box::new(url));
        self
    }

    /// Nobody makes rows here.
    pub fn no_add(mut self) -> Self {
        self.model.options.may_add = false;
        self
    }

    /// Nobody changes rows here.
    pub fn no_change(mut self) -> Self {
        self.model.options.may_change = false;
        self
    }

    /// Fields of the form for a new row that are passwords, for `save` to read.
    pub(crate) fn password_input(
        mut self,
        name: &'static str,
        label: &'static str,
        help: &'static str,
    ) -> Self {
        self.model.options.inputs.push(Input { name, label, help });
        self
    }

    /// Names to choose from, kept in a table of their own.
    pub(crate) fn names(mut self, links: Links) -> Self {
        self.model.options.links.push(links);
        self
    }

    /// Fields that only superusers change.
    pub(crate) fn superusers_only(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.model.options.superusers = names.into_iter().collect();
        self
    }

    /// A link on the page of a row, below its URL.
    pub(crate) fn tool(mut self, title: &'static str, path: &'static str) -> Self {
        self.model.options.tools.push((title, path));
        self
    }

    /// The model without its types.
    pub(super) fn finish(self) -> RegisteredModel {
        let mut model = self.model;
        // Nobody sees a password, not even its hash, whatever the project says.
        model.options.exclude.extend(model.position("password"));
        let excluded = |number: &usize| model.options.exclude.contains(number);
        if model.options.list.is_empty() {
            let all = (0..model.columns.len()).filter(|number| !excluded(number));
            model.options.list = all.map(Shown::Column).collect();
        }
        model.store = Box::new(self.typed);
        model
    }

    fn numbers(&self, columns: impl IntoIterator<Item = E::Column>) -> Vec<usize> {
        let names = columns.into_iter().map(|column| column.as_str());
        names.filter_map(|name| self.model.position(name)).collect()
    }
}

impl Links {
    fn related(label: &str, via: &sea_orm::RelationDef, to: &sea_orm::RelationDef) -> Option<Self> {
        // `via` leads from the row to the table between, `to` from there to the other rows.
        let own = via.to_col.clone().into_iter().next()?.to_string();
        let other = to.from_col.clone().into_iter().next()?.to_string();
        Some(Self::rows(
            label,
            table_of(&via.to_tbl),
            own,
            other,
            table_of(&to.to_tbl),
        ))
    }
}
