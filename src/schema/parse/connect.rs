//! All entities together: what each relation refers to, and what they must not have in common.

use std::collections::HashMap;

use super::belongs_to::BelongsTo;
use super::entity::Entity;
use super::items::Found;
use super::{Model, Models, Problem, RenamedColumn, consistent, resolve};
use crate::schema::index::Key;
use crate::schema::{Condition, ForeignKey, Index, Table, names};

/// All entities as one schema, with each relation's other end found.
pub(super) fn connect(entities: Vec<Entity<'_>>, found: &Found<'_>) -> (Models, Vec<Problem>) {
    let mut models = Models::default();
    let mut problems = Vec::new();
    let mut tables = HashMap::new();
    for entity in &entities {
        let mut table = table_of(entity, &mut models.renamed);
        for field in entity
            .fields
            .iter()
            .filter(|field| !field.choices.is_empty())
        {
            let place = (entity.table.clone(), field.name.clone());
            models.choices.insert(place, field.choices.clone());
        }
        for relation in &entity.belongs_to {
            match foreign_key(entity, relation, &entities, found) {
                Ok((columns, key)) => match table.foreign_keys.get(&columns) {
                    Some(other) if *other != key => {
                        let error = syn::Error::new(
                            relation.span,
                            format!(
                                "another relation of `{}` says otherwise about what `{}` refers to: \
                                 mark one of them with `skip_fk`",
                                entity.name,
                                columns.join(", ")
                            ),
                        );
                        problems.extend(super::problems_of(entity.source, error));
                    }
                    _ => drop(table.foreign_keys.insert(columns, key)),
                },
                Err(error) => problems.extend(super::problems_of(entity.source, error)),
            }
        }
        if let Some(from) = &entity.renamed_from {
            let renamed = (from.clone(), entity.table.clone());
            models.renamed_tables.push(renamed);
        }
        let place = format!("{}:{}", entity.source.path, entity.line);
        // SQLite does not tell `Task` from `task`.
        let same = tables.insert(entity.table.to_ascii_lowercase(), place.clone());
        if let Some(other) = same {
            problems.push(Problem {
                path: entity.source.path.clone(),
                line: entity.line,
                column: 1,
                message: format!(
                    "table `{}` is also the one of the model at {other}",
                    entity.table
                ),
            });
        }
        models.schema.tables.insert(entity.table.clone(), table);
        let model = Model {
            app: entity.source.app.clone(),
            name: entity.name.clone(),
            module: entity.module.join("::"),
            place,
        };
        models.models.insert(entity.table.clone(), model);
    }
    problems.extend(consistent::names(&models.schema, &entities));
    (models, problems)
}

fn table_of(entity: &Entity<'_>, renamed: &mut Vec<RenamedColumn>) -> Table {
    let mut table = Table {
        comment: entity.comment.clone(),
        ..Table::default()
    };
    for field in &entity.fields {
        let name = &field.name;
        table.columns.insert(name.clone(), field.column.clone());
        if field.primary_key {
            table.primary_key.push(name.clone());
        }
        if field.unique || field.indexed {
            let index = Index::over([name], field.unique);
            table
                .indexes
                .insert(names::index(&entity.table, name, field.unique), index);
        }
        let plain = field.index_keys.iter().map(|group| (group, false));
        for (group, unique) in field
            .unique_key
            .iter()
            .map(|group| (group, true))
            .chain(plain)
        {
            let empty = Index {
                unique,
                ..Index::default()
            };
            let index = names::index(&entity.table, group, unique);
            let index = table.indexes.entry(index).or_insert(empty);
            index.keys.push(Key::column(name));
        }
        for word in &field.indexes {
            let index = word.name_in(&entity.table);
            table.indexes.insert(index, word.index.clone());
        }
        if let Some(condition) = &field.check {
            let check = names::check(&entity.table, name);
            table.checks.insert(check, Condition(condition.clone()));
        }
        if let Some(from) = &field.renamed_from {
            renamed.push(RenamedColumn {
                table: entity.table.clone(),
                from: from.clone(),
                to: name.clone(),
            });
        }
    }
    table
}

fn foreign_key(
    entity: &Entity<'_>,
    relation: &BelongsTo,
    entities: &[Entity<'_>],
    found: &Found<'_>,
) -> syn::Result<(Vec<String>, ForeignKey)> {
    let target = resolve::entity(entity, &relation.target, entities, found);
    let target = target.ok_or_else(|| resolve::unknown(relation, entities))?;
    let columns = |of: &Entity<'_>, names: &[String]| -> syn::Result<Vec<String>> {
        let column = |name: &String| {
            let field = of.fields.iter().find(|field| field.is_called(name));
            let missing = || {
                syn::Error::new(
                    relation.span,
                    format!("`{}` has no field `{name}`", of.name),
                )
            };
            field.map(|field| field.name.clone()).ok_or_else(missing)
        };
        names.iter().map(column).collect()
    };
    let (from, to) = (
        columns(entity, &relation.from)?,
        columns(target, &relation.to)?,
    );
    if from.len() != to.len() || from.is_empty() {
        return Err(syn::Error::new(
            relation.span,
            "a relation names as many fields in `from` as in `to`",
        ));
    }
    let actions = (relation.on_delete, relation.on_update);
    consistent::relation(entity, &from, target, &to)
        .and_then(|()| consistent::emptied(entity, &from, actions))
        .map_err(|message| syn::Error::new(relation.span, message))?;
    let key = ForeignKey {
        table: target.table.clone(),
        columns: to,
        on_delete: relation.on_delete,
        on_update: relation.on_update,
    };
    Ok((from, key))
}
