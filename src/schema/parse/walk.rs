//! Finds the entities of a file, and what else in it they need.

use std::collections::HashMap;

use syn::{Item, ItemEnum, ItemStruct, ItemUse, UseTree};

use super::attribute::{derives, is_test};
use super::relation::BelongsTo;
use super::{Source, collect, relation_code, value_type};
use crate::schema::ColumnType;

/// What all files together contain.
#[derive(Default)]
pub(super) struct Found<'a> {
    pub entities: Vec<RawEntity<'a>>,
    /// Relation enums by the module that they are in.
    pub relations: HashMap<Vec<String>, &'a ItemEnum>,
    /// The keys in relations that are written as code, likewise.
    pub written_relations: HashMap<Vec<String>, Vec<BelongsTo>>,
    /// Enums and wrappers that are columns, by name.
    pub value_types: HashMap<String, Vec<(Vec<String>, ColumnType)>>,
    /// Imported names by module: what each one stands for.
    pub imports: HashMap<Vec<String>, HashMap<String, Vec<String>>>,
}

/// An entity before its fields are read.
pub(super) struct RawEntity<'a> {
    pub source: &'a Source,
    pub module: Vec<String>,
    pub item: &'a ItemStruct,
}

/// Adds what is in `file` to `found`.
pub(super) fn walk<'a>(
    source: &'a Source,
    file: &'a syn::File,
    found: &mut Found<'a>,
) -> syn::Result<()> {
    let mut errors = None;
    walk_items(source, &file.items, &source.module, found, &mut errors);
    errors.map_or(Ok(()), Err)
}

fn walk_items<'a>(
    source: &'a Source,
    items: &'a [Item],
    module: &[String],
    found: &mut Found<'a>,
    errors: &mut Option<syn::Error>,
) {
    for item in items {
        let result = match item {
            Item::Mod(inner) if !is_test(&inner.attrs) => {
                if let Some((_, items)) = &inner.content {
                    let module = [module, &[plain(&inner.ident)]].concat();
                    walk_items(source, items, &module, found, errors);
                }
                Ok(())
            }
            Item::Struct(item) => found.add_struct(source, item, module),
            Item::Enum(item) => found.add_enum(item, module),
            Item::Impl(item) => relation_code::read(item).map(|keys| {
                let place = found.written_relations.entry(module.to_vec());
                place.or_default().extend(keys);
            }),
            Item::Use(item) => {
                found.add_use(item, module);
                Ok(())
            }
            _ => Ok(()),
        };
        if let Err(error) = result {
            collect(errors, error);
        }
    }
}

impl<'a> Found<'a> {
    fn add_struct(
        &mut self,
        source: &'a Source,
        item: &'a ItemStruct,
        module: &[String],
    ) -> syn::Result<()> {
        if derives(&item.attrs, "DeriveEntityModel") {
            self.entities.push(RawEntity {
                source,
                module: module.to_vec(),
                item,
            });
        } else if derives(&item.attrs, "DeriveModel") {
            return Err(syn::Error::new(
                item.ident.span(),
                "this way of writing an entity is not supported; supported: \
                 `#[sea_orm::model]` and `#[derive(DeriveEntityModel)]` with `#[sea_orm(table_name = \"...\")]`",
            ));
        } else if derives(&item.attrs, "DeriveValueType") {
            let column_type = value_type::of_wrapper(item)?;
            self.add_value_type(&item.ident, module, column_type);
        } else if derives(&item.attrs, "FromJsonQueryResult") {
            self.add_value_type(&item.ident, module, ColumnType::Json);
        }
        Ok(())
    }

    fn add_enum(&mut self, item: &'a ItemEnum, module: &[String]) -> syn::Result<()> {
        if derives(&item.attrs, "DeriveRelation") {
            self.relations.insert(module.to_vec(), item);
        } else if derives(&item.attrs, "DeriveActiveEnum") {
            let column_type = value_type::of_enum(item)?;
            self.add_value_type(&item.ident, module, column_type);
        } else if derives(&item.attrs, "FromJsonQueryResult") {
            self.add_value_type(&item.ident, module, ColumnType::Json);
        }
        Ok(())
    }

    fn add_value_type(&mut self, name: &syn::Ident, module: &[String], column_type: ColumnType) {
        let types = self.value_types.entry(plain(name)).or_default();
        types.push((module.to_vec(), column_type));
    }

    fn add_use(&mut self, item: &ItemUse, module: &[String]) {
        let imports = self.imports.entry(module.to_vec()).or_default();
        add_tree(&item.tree, Vec::new(), imports);
    }
}

fn add_tree(tree: &UseTree, mut path: Vec<String>, imports: &mut HashMap<String, Vec<String>>) {
    match tree {
        UseTree::Path(step) => {
            path.push(plain(&step.ident));
            add_tree(&step.tree, path, imports);
        }
        UseTree::Name(name) if name.ident == "self" => {
            if let Some(last) = path.last().cloned() {
                imports.insert(last, path);
            }
        }
        UseTree::Name(name) => {
            path.push(plain(&name.ident));
            imports.insert(plain(&name.ident), path);
        }
        UseTree::Rename(rename) => {
            path.push(plain(&rename.ident));
            imports.insert(plain(&rename.rename), path);
        }
        UseTree::Group(group) => {
            for tree in &group.items {
                add_tree(tree, path.clone(), imports);
            }
        }
        _ => {}
    }
}

/// An identifier without `r#`.
pub(super) fn plain(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").unwrap_or(&text).to_owned()
}
