//! Checks the entities of a project against each other.

use std::collections::BTreeMap;

use super::Problem;
use super::column::Field;
use super::entity::Entity;
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
