//! Checks the entities of a project against each other.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::column::Field;
use super::entity::Entity;
use crate::schema::index::Key;
use crate::schema::{Action, ColumnType, Schema, names};

/// Refuses a relation that no database keeps: its ends have different types, or many rows may be
/// the one that it refers to.
pub(super) fn relation(
    from: &Entity<'_>,
    columns: &[String],
    to: &Entity<'_>,
    target: &[String],
) -> Result<(), String> {
    for (one, other) in columns.iter().zip(target) {
        let (Some(one), Some(other)) = (field(from, one), field(to, other)) else {
            continue;
        };
        if kind(&one.column.column_type) != kind(&other.column.column_type) {
            return Err(format!(
                "`{}.{}` holds {} and `{}.{}` {}: both ends of a relation must have the same type",
                from.name,
                one.rust,
                one.column.column_type,
                to.name,
                other.rust,
                other.column.column_type
            ));
        }
    }
    if is_unique(to, target) {
        Ok(())
    } else {
        Err(format!(
            "`{}` is not unique in `{}`: a relation refers to the primary key, or to a field with #[sea_orm(unique)]",
            target.join(", "),
            to.name
        ))
    }
}

/// Refuses a relation that would empty a column that may not be empty: both databases take it, and
/// fail when the row goes that it refers to.
pub(super) fn emptied(
    from: &Entity<'_>,
    columns: &[String],
    (on_delete, on_update): (Action, Action),
) -> Result<(), String> {
    let is_full = |column: &&String| field(from, column).is_some_and(|it| !it.column.nullable);
    let full = columns.iter().find(is_full);
    let actions = [("on_delete", on_delete), ("on_update", on_update)];
    let empties = actions
        .iter()
        .find(|(_, action)| *action == Action::SetNull);
    match (full, empties) {
        (Some(column), Some((word, _))) => Err(format!(
            "{word} = \"SetNull\" empties `{}.{column}`, which may not be empty: make it an Option, or \
             write Cascade, Restrict or SetDefault",
            from.name
        )),
        _ => Ok(()),
    }
}

/// Returns whether no two rows can have the same values in `columns`.
fn is_unique(entity: &Entity<'_>, columns: &[String]) -> bool {
    let is_all_of = |wanted: &dyn Fn(&Field) -> bool| {
        let mut names: Vec<_> = entity
            .fields
            .iter()
            .filter(|it| wanted(it))
            .map(|it| &it.name)
            .collect();
        let mut columns: Vec<_> = columns.iter().collect();
        names.sort();
        columns.sort();
        names == columns
    };
    let mut groups = entity
        .fields
        .iter()
        .filter_map(|field| field.unique_key.as_ref());
    is_all_of(&|field| field.primary_key)
        || columns.len() == 1 && field(entity, &columns[0]).is_some_and(|field| field.unique)
        || groups.any(|group| is_all_of(&|field| field.unique_key.as_ref() == Some(group)))
}

fn field<'e>(entity: &'e Entity<'_>, column: &str) -> Option<&'e Field> {
    entity.fields.iter().find(|field| field.name == column)
}

/// PostgreSQL compares whole numbers of any size, and text of any length.
fn kind(column_type: &ColumnType) -> ColumnType {
    match column_type {
        number if number.is_integer() => ColumnType::BigInteger,
        ColumnType::Char(_) | ColumnType::String(_) => ColumnType::Text,
        ColumnType::Binary(_) | ColumnType::VarBinary(_) => ColumnType::Blob,
        ColumnType::Decimal(_) => ColumnType::Decimal(None),
        other => other.clone(),
    }
}

/// In one database no two things have the same name: tables, indexes and the indexes behind keys.
pub(super) fn names(schema: &Schema, entities: &[Entity<'_>]) -> Vec<Problem> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for table in schema.tables.keys() {
        taken.insert(table.clone(), table);
        taken.insert(names::primary_key(table), table);
    }
    let mut problems = Vec::new();
    let mut lists: BTreeMap<&String, &ColumnType> = BTreeMap::new();
    for entity in entities {
        for field in &entity.fields {
            let column_type = &field.column.column_type;
            let ColumnType::Enum { name, .. } = column_type else {
                continue;
            };
            let is_table = taken.contains_key(name);
            if is_table
                || lists
                    .insert(name, column_type)
                    .is_some_and(|other| other != column_type)
            {
                problems.push(Problem {
                    path: entity.source.path.clone(),
                    line: entity.line,
                    column: 1,
                    message: format!(
                        "the enum `{name}` of the field `{}` is also a table, or an enum of other values: \
                         give one of them another name with #[sea_orm(enum_name = \"...\")]",
                        field.rust
                    ),
                });
            }
        }
        let indexes = schema.tables.get(&entity.table).map(|table| &table.indexes);
        for name in indexes.into_iter().flatten().map(|(name, _)| name) {
            let other = taken.insert(name.clone(), &entity.table);
            if let Some(other) = other.filter(|other| *other != entity.table || *other == name) {
                problems.push(Problem {
                    path: entity.source.path.clone(),
                    line: entity.line,
                    column: 1,
                    message: format!(
                        "the name `{name}` is that of an index here and of something of table `{other}`: rename a table or a field"
                    ),
                });
            }
        }
    }
    problems
}

/// Rejects an index over columns that the entity does not have, and two of one name.
pub(super) fn indexes(entity: &Entity<'_>) -> syn::Result<()> {
    let mut names: BTreeSet<_> = entity
        .fields
        .iter()
        .flat_map(|field| of_fields(entity, field))
        .collect();
    for word in entity.fields.iter().flat_map(|field| &field.indexes) {
        let fail = |message| Err(syn::Error::new(word.span, message));
        let name = word.name_in(&entity.table);
        if !names.insert(name.clone()) {
            return fail(format!(
                "two indexes have the name `{name}`: give one of them another, as in \"open: {}\"",
                word.index.as_written()
            ));
        }
        let keys = word.index.keys.iter().filter_map(Key::leading_column);
        for column in keys.chain(word.index.include.iter().cloned()) {
            let field = entity.fields.iter().find(|field| field.name == column);
            let Some(field) = field else {
                let columns: Vec<_> = entity.fields.iter().map(|it| it.name.as_str()).collect();
                return fail(format!(
                    "`{}` has no column `{column}`; it has: {}",
                    entity.name,
                    columns.join(", ")
                ));
            };
            if field.column.column_type == ColumnType::Json && !word.index.include.contains(&column)
            {
                return fail(format!(
                    "PostgreSQL has no indexes over json: give `{}` the type column_type = \"JsonBinary\"",
                    field.rust
                ));
            }
        }
    }
    Ok(())
}

/// The names of the indexes that `field` says by itself, or with others.
fn of_fields(entity: &Entity<'_>, field: &Field) -> Vec<String> {
    let name = |label: &str, unique| names::index(&entity.table, label, unique);
    let single = (field.unique || field.indexed).then(|| name(&field.name, field.unique));
    let group = field.unique_key.iter().map(|group| name(group, true));
    let groups = field.index_keys.iter().map(|group| name(group, false));
    single.into_iter().chain(group).chain(groups).collect()
}
