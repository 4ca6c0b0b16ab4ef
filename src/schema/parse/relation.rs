//! Foreign keys: relations in which this entity holds the key of another one.

use syn::{GenericArgument, ItemEnum, LitStr, Path, PathArguments, Type};

use super::attribute::{Word, check, derives, find, find_string, words};
use super::belongs_to::{BelongsTo, action_named};
use super::items::Items;
use super::relation_code;
use crate::schema::Action;

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
    super::builtin_types::optional_type(argument).or(Some(argument))
}

/// The key that a field of the dense format stands for; relations the other way round have none.
pub(super) fn of_field(field: &syn::Field, target: &Path) -> syn::Result<Option<BelongsTo>> {
    let words = words(&field.attrs)?;
    check(&words, "a relation", &KNOWN)?;
    // A junction, as `via` names it, holds the keys of an entity's relation to itself.
    let refers_to_itself = find(&words, "self_ref")
        .filter(|_| find(&words, "from").is_some() && find(&words, "via").is_none());
    let owns = find(&words, "belongs_to").or(refers_to_itself);
    match owns.filter(|_| find(&words, "skip_fk").is_none()) {
        Some(word) => key(&words, word, target.clone()).map(Some),
        None => Ok(None),
    }
}

/// The keys that the enum `name` says an entity has, in its attributes or in code.
pub(super) fn of_entity(items: &Items<'_>, name: &str) -> syn::Result<Vec<BelongsTo>> {
    let derived = items
        .enumeration(name)
        .filter(|item| derives(&item.attrs, "DeriveRelation"));
    match (derived, items.implementation("RelationTrait", name)) {
        (Some(item), _) => of_enum(item),
        (None, Some(code)) => relation_code::read(code),
        (None, None) => Ok(Vec::new()),
    }
}

fn of_enum(item: &ItemEnum) -> syn::Result<Vec<BelongsTo>> {
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
            syn::Error::new(target.span(), format!("`{}` is not a path", target.value()))
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

/// `owner_id`, `Column::OwnerId`, `(a, b)` or `(Column::A, Column::B)`: the last name of each.
fn column_names(text: &str) -> Vec<String> {
    let text = text.trim().trim_start_matches('(').trim_end_matches(')');
    let names = text
        .split(',')
        .map(|name| name.rsplit("::").next().unwrap_or(name).trim());
    names
        .filter(|name| !name.is_empty())
        .map(|name| name.trim_start_matches("r#").to_owned())
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
    action_named(&sql).ok_or_else(|| {
        syn::Error::new(
            text.span(),
            format!(
                "unknown action `{}`; supported: Cascade, Restrict, SetNull, SetDefault, NoAction",
                text.value()
            ),
        )
    })
}
