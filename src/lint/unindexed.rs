//! A filter or an order that the database can only answer by reading the whole table.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall, ImplItem, Item, ItemImpl, Path, Type};

use super::visit::Found;
use crate::schema::parse::Models;
use crate::schema::{ColumnType, Table};

const HINT: &str = "write #[sea_orm(indexed)] on the column, then run backsmith makemigrations; or allow fewer columns";

/// The methods by which a viewset lets clients ask.
const EXACT: &str = "exact";
const ORDERING: &str = "ordering";

/// Looks at the columns in `exact` and `ordering` of each viewset.
pub(super) fn find(file: &syn::File, models: &Models) -> Vec<Found> {
    let impls = file.items.iter().filter_map(|item| match item {
        Item::Impl(item) => Some((item, table_of(item, models)?)),
        _ => None,
    });
    let mut found = Vec::new();
    for (item, (name, table)) in impls {
        let mut finder = Finder {
            table,
            coarse: coarse(name, table, models),
            found: Vec::new(),
        };
        finder.visit_item_impl(item);
        found.append(&mut finder.found);
    }
    found
}

/// The columns of yes and no and of few words: a filter by them finds a large part of the table in any case.
fn coarse(name: &str, table: &Table, models: &Models) -> BTreeSet<String> {
    let columns = table.columns.iter().filter(|(column, facts)| {
        let key = (name.to_owned(), (*column).clone());
        facts.column_type == ColumnType::Boolean || models.choices.contains_key(&key)
    });
    columns.map(|(column, _)| column.clone()).collect()
}

/// The table behind `type Entity = task::Entity`.
fn table_of<'m>(item: &ItemImpl, models: &'m Models) -> Option<(&'m str, &'m Table)> {
    let entity = item.items.iter().find_map(|item| match item {
        ImplItem::Type(alias) if alias.ident == "Entity" => Some(&alias.ty),
        _ => None,
    })?;
    let Type::Path(entity) = entity else {
        return None;
    };
    let module = segment_before_last(&entity.path)?;
    let mut named = models.models.iter();
    let (table, _) = named.find(|(_, model)| {
        let last = model.module.rsplit("::").next();
        last == Some(module.as_str())
    })?;
    let found = models.schema.tables.get(table)?;
    Some((table, found))
}

fn segment_before_last(path: &Path) -> Option<String> {
    let before = path.segments.iter().rev().nth(1)?;
    Some(before.ident.to_string())
}

struct Finder<'t> {
    table: &'t Table,
    coarse: BTreeSet<String>,
    found: Vec<Found>,
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        visit::visit_expr_method_call(self, call);
        let use_of = call.method.to_string();
        if ![EXACT, ORDERING].contains(&use_of.as_str()) {
            return;
        }
        let Some(Expr::Array(columns)) = call.args.first() else {
            return;
        };
        for column in &columns.elems {
            if let Expr::Path(path) = column
                && let Some(last) = path.path.segments.last()
                && let name = last.ident.to_string().to_snake_case()
                && !has_index(self.table, &name)
                && !(use_of == EXACT && self.coarse.contains(&name))
            {
                let what = match use_of.as_str() {
                    ORDERING => "an order by",
                    _ => "a filter on",
                };
                let message = format!("{what} `{name}`, which has no index, reads the whole table");
                self.found
                    .push(Found::new(last.ident.span(), "unindexed", message, HINT).note());
            }
        }
    }
}

/// Returns whether an index begins with the column. One that the models do not have is for the compiler to tell.
fn has_index(table: &Table, name: &str) -> bool {
    !table.columns.contains_key(name)
        || table.primary_key.first().is_some_and(|key| key == name)
        || table.indexes.values().any(|index| index.leads_with(name))
}
