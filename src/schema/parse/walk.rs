//! Finds the entities of a file, and what else in it they need.

use std::collections::HashMap;

use syn::{Ident, Item, ItemEnum, ItemImpl, ItemStruct, ItemUse, UseTree};

use super::attribute::{derives, is_test, refuse_conditional_derive};
use super::body::plain;
use super::items::{Definition, Form, Found, Items, OwnType, RawEntity, implementor, implements};
use super::{Source, body, collect, wrappers};
use crate::schema::ColumnType;

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
            Item::Impl(item) => found.add_impl(item, module),
            Item::Type(item) if item.generics.params.is_empty() => {
                found.add_type(&item.ident, module, Definition::As(&item.ty));
                Ok(())
            }
            Item::Use(item) => {
                found.add_use(item, module);
                Ok(())
            }
            Item::Macro(item) => refuse_hidden_entity(&item.mac),
            _ => Ok(()),
        };
        if let Err(error) = result {
            collect(errors, error);
        }
    }
}

/// Rejects an entity made by a macro, which cannot be seen before it is compiled.
fn refuse_hidden_entity(call: &syn::Macro) -> syn::Result<()> {
    let tokens = call.tokens.to_string();
    if tokens.contains("DeriveEntityModel") || tokens.contains("DeriveEntity ") {
        Err(syn::Error::new_spanned(
            &call.path,
            "an entity inside of a macro cannot be read: write it out",
        ))
    } else {
        Ok(())
    }
}

impl<'a> Found<'a> {
    fn add_struct(
        &mut self,
        source: &'a Source,
        item: &'a ItemStruct,
        module: &[String],
    ) -> syn::Result<()> {
        refuse_conditional_derive(&item.attrs, "DeriveEntity")?;
        let form = match () {
            () if derives(&item.attrs, "DeriveEntityModel") => Some(Form::Compact),
            () if derives(&item.attrs, "DeriveEntity") => Some(Form::Expanded),
            () => None,
        };
        if let Some(form) = form {
            self.entities.push(RawEntity {
                source,
                module: module.to_vec(),
                item,
                form,
            });
        }
        if derives(&item.attrs, "DeriveValueType") {
            let wrapper = wrappers::of_wrapper(&item.ident, &item.attrs, Some(&item.fields))?;
            self.add_type(&item.ident, module, wrapper);
        } else if derives(&item.attrs, "FromJsonQueryResult") {
            self.add_type(&item.ident, module, Definition::Kept(ColumnType::Json));
        }
        self.items_of(module).structs.push(item);
        Ok(())
    }

    fn add_enum(&mut self, item: &'a ItemEnum, module: &[String]) -> syn::Result<()> {
        refuse_conditional_derive(&item.attrs, "DeriveRelation")?;
        if derives(&item.attrs, "DeriveActiveEnum") {
            let column_type = wrappers::of_enum(item)?;
            self.add_type(&item.ident, module, Definition::Kept(column_type));
            let added = self.own_types.get_mut(&plain(&item.ident));
            if let Some(own) = added.and_then(|types| types.last_mut()) {
                own.choices = wrappers::choices_of(item);
            }
        } else if derives(&item.attrs, "DeriveValueType") {
            let wrapper = wrappers::of_wrapper(&item.ident, &item.attrs, None)?;
            self.add_type(&item.ident, module, wrapper);
        } else if derives(&item.attrs, "FromJsonQueryResult") {
            self.add_type(&item.ident, module, Definition::Kept(ColumnType::Json));
        }
        self.items_of(module).enums.push(item);
        Ok(())
    }

    fn add_impl(&mut self, item: &'a ItemImpl, module: &[String]) -> syn::Result<()> {
        if implements(item, "EntityTrait") {
            return Err(syn::Error::new_spanned(
                &item.self_ty,
                "an entity that implements `EntityTrait` by hand cannot be read: \
                 write #[derive(DeriveEntity)] on it, or #[derive(DeriveEntityModel)] on its model",
            ));
        }
        for (implemented, function) in [("ValueType", "column_type"), ("ActiveEnum", "db_type")] {
            if implements(item, implemented)
                && let Some(name) = implementor(item)
                && let Some(says) = body::returned(item, function)?
            {
                self.add_type(name, module, Definition::Says(says));
            }
        }
        self.items_of(module).impls.push(item);
        Ok(())
    }

    fn add_type(&mut self, name: &Ident, module: &[String], is: Definition<'a>) {
        self.own_types
            .entry(plain(name))
            .or_default()
            .push(OwnType {
                module: module.to_vec(),
                is,
                choices: Vec::new(),
            });
    }

    fn items_of(&mut self, module: &[String]) -> &mut Items<'a> {
        self.items.entry(module.to_vec()).or_default()
    }

    fn add_use(&mut self, item: &ItemUse, module: &[String]) {
        let imports = self.imports.entry(module.to_vec()).or_default();
        let globs = self.globs.entry(module.to_vec()).or_default();
        add_tree(&item.tree, Vec::new(), imports, globs);
    }
}

fn add_tree(
    tree: &UseTree,
    mut path: Vec<String>,
    imports: &mut HashMap<String, Vec<String>>,
    globs: &mut Vec<Vec<String>>,
) {
    match tree {
        UseTree::Path(step) => {
            path.push(plain(&step.ident));
            add_tree(&step.tree, path, imports, globs);
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
                add_tree(tree, path.clone(), imports, globs);
            }
        }
        UseTree::Glob(_) => globs.push(path),
    }
}
