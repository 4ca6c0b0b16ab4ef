//! Foreign keys: relations in which this entity holds the key of another one.

use proc_macro2::Span;
use syn::{GenericArgument, ItemEnum, LitStr, Path, PathArguments, Type};

use super::attribute::{Word, check, find, find_string, words};
use super::entity::Entity;
use super::resolve;
use super::walk::Found;
use super::{Model, Models, Problem, RenamedColumn};
use crate::schema::{Action, ForeignKey, Index, Table, names};

const KNOWN: [&str; 16] = [
    "belongs_to",
    "has_one",
    "has_many",
    "self_ref",
    "via",
    "via_rel",
    "from",
    "to",
    "relation_enum",
    "relation_reverse",
    "reverse",
    "on_delete",
    "on_update",
    "on_condition",
    "skip_fk",
    "fk_name",
];

/// A key of another table, by the names in Rust.
pub(super) struct BelongsTo {
    /// The other entity; none if it is the same one.
    pub target: Path,
    pub from: Vec<String>,
    pub to: Vec<String>,
    pub on_delete: Action,
    pub on_update: Action,
    pub span: Span,
}

/// The entity that a field of the dense format is a relation to, if it is one.
pub(super) fn compound(field: &syn::Field) -> Option<&Path> {
    let Type::Path(path) = &field.ty else {
        return None;
    };
    let segment = path.path.segments.last()?;
    if !["HasOne", "HasMany", "BelongsTo"].contains(&segment.ident.to_string().as_str()) {
        return None;
    }
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match inner(arguments.args.first()?) {
        Some(Type::Path(target)) => Some(&target.path),
        _ => None,
    }
}

/// The entity in `BelongsTo<E>`, `BelongsTo<Option<E>>` and the like.
fn inner(argument: &GenericArgument) -> Option<&Type> {
    let GenericArgument::Type(argument) = argument else {
        return None;
    };
    super::column_type::optional_type(argument).or(Some(argument))
}

/// The key that a field of the dense format stands for; relations the other way round have none.
pub(super) fn of_field(field: &syn::Field, target: &Path) -> syn::Result<Option<BelongsTo>> {
    let words = words(&field.attrs)?;
    check(&words, "a relation", &KNOWN)?;
    let owns = find(&words, "belongs_to")
        .or(find(&words, "self_ref").filter(|_| find(&words, "from").is_some()));
    match owns.filter(|_| find(&words, "skip_fk").is_none() && find(&words, "via").is_none()) {
        Some(word) => key(&words, word, target.clone()).map(Some),
        None => Ok(None),
    }
}

/// The keys in a `Relation` enum.
pub(super) fn of_enum(item: &ItemEnum) -> syn::Result<Vec<BelongsTo>> {
    let mut keys = Vec::new();
    for variant in &item.variants {
        let words = words(&variant.attrs)?;
        check(
            &words,
            "a relation",
            &[&KNOWN[..], &["condition_type"]].concat(),
        )?;
        let Some(word) = find(&words, "belongs_to").filter(|_| find(&words, "skip_fk").is_none())
        else {
            continue;
        };
        let target = word.string()?;
        let path = syn::parse_str(&target.value());
        let path = path.map_err(|_| {
            syn::Error::new(target.span(), format!("`{}` is no path", target.value()))
        })?;
        keys.push(key(&words, word, path)?);
    }
    Ok(keys)
}

fn key(words: &[Word], word: &Word, target: Path) -> syn::Result<BelongsTo> {
    let columns = |name: &str| {
        let text = find_string(words, name)?;
        let text =
            text.ok_or_else(|| word.error(format!("this relation does not say {name} = \"...\"")))?;
        Ok::<_, syn::Error>(column_names(&text.value()))
    };
    Ok(BelongsTo {
        target,
        from: columns("from")?,
        to: columns("to")?,
        on_delete: action(find_string(words, "on_delete")?)?,
        on_update: action(find_string(words, "on_update")?)?,
        span: word.span,
    })
}

/// `owner_id`, `Column::OwnerId`, `(a, b)` or `(Column::A, Column::B)`, in snake_case.
fn column_names(text: &str) -> Vec<String> {
    use heck::ToSnakeCase;
    let text = text.trim().trim_start_matches('(').trim_end_matches(')');
    let names = text
        .split(',')
        .map(|name| name.rsplit("::").next().unwrap_or(name).trim());
    names
        .filter(|name| !name.is_empty())
        .map(|name| name.trim_start_matches("r#").to_snake_case())
        .collect()
}

fn action(text: Option<LitStr>) -> syn::Result<Action> {
    let Some(text) = text else {
        return Ok(Action::default());
    };
    let sql: String = text
        .value()
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect();
    let found = Action::ALL
        .into_iter()
        .find(|action| action.sql().replace(' ', "").eq_ignore_ascii_case(&sql));
    found.ok_or_else(|| {
        syn::Error::new(
            text.span(),
            format!(
                "unknown action `{}`; supported: Cascade, Restrict, SetNull, SetDefault, NoAction",
                text.value()
            ),
        )
    })
}

/// All entities as one schema, with each relation's other end found.
pub(super) fn connect(entities: Vec<Entity<'_>>, found: &Found<'_>) -> (Models, Vec<Problem>) {
    let mut models = Models::default();
    let mut problems = Vec::new();
    for entity in &entities {
        let mut table = table_of(entity, &mut models.renamed);
        for relation in &entity.belongs_to {
            match foreign_key(entity, relation, &entities, found) {
                Ok((columns, key)) => drop(table.foreign_keys.insert(columns, key)),
                Err(error) => problems.extend(super::problems_of(entity.source, error)),
            }
        }
        let place = format!("{}:{}", entity.source.path, entity.line);
        if let Some(other) = models.models.get(&entity.table) {
            problems.push(Problem {
                path: entity.source.path.clone(),
                line: entity.line,
                column: 1,
                message: format!(
                    "table `{}` is also the one of the model at {}",
                    entity.table, other.place
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
            let index = Index {
                columns: vec![name.clone()],
                unique: field.unique,
            };
            table
                .indexes
                .insert(names::index(&entity.table, name, field.unique), index);
        }
        if let Some(group) = &field.unique_key {
            let index = table
                .indexes
                .entry(names::index(&entity.table, group, true));
            index
                .or_insert_with(|| Index {
                    columns: Vec::new(),
                    unique: true,
                })
                .columns
                .push(name.clone());
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
    let target = resolve::entity(entity, &relation.target, entities, found).ok_or_else(|| {
        syn::Error::new(
            relation.span,
            "the entity that this relation names is in no installed app",
        )
    })?;
    let columns = |of: &Entity<'_>, names: &[String]| -> syn::Result<Vec<String>> {
        let column = |name: &String| {
            use heck::ToSnakeCase;
            let field = of
                .fields
                .iter()
                .find(|field| field.rust.to_snake_case() == *name || field.name == *name);
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
    let key = ForeignKey {
        table: target.table.clone(),
        columns: to,
        on_delete: relation.on_delete,
        on_update: relation.on_update,
    };
    Ok((from, key))
}
