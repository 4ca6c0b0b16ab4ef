//! Models as they are written in a line.

use heck::ToUpperCamelCase;

use super::field::{Field, Kind};
use crate::error::{Exit, Failure};
use crate::name::ModelName;
use crate::scaffold::app::url_path;

/// What stands between two models.
const AND: &str = "+";

/// A model and its fields.
#[derive(Clone, Debug)]
pub struct Model {
    pub model: ModelName,
    pub fields: Vec<Field>,
}

impl Model {
    /// `Product`
    pub fn name(&self) -> &str {
        self.model.as_ref()
    }

    /// `product`
    pub fn module(&self) -> String {
        self.model.module()
    }

    /// `products`, in paths.
    pub fn path(&self) -> String {
        url_path(&self.model)
    }

    /// The type of one of its enums: `ProductGenre`.
    pub fn enum_name(&self, field: &Field) -> String {
        format!("{}{}", self.name(), field.name.to_upper_camel_case())
    }

    /// The module of the table between it and the rows that a list names: `product_tag`; of several lists of the same
    /// rows, each has the table of its own name.
    pub fn between(&self, field: &Field) -> Option<String> {
        let Kind::M2m(target) = &field.kind else {
            return None;
        };
        let same = self.lists().filter(|other| other.kind == field.kind);
        let other = match same.count() {
            1 => target.module(),
            _ => field.name.clone(),
        };
        Some(format!("{}_{other}", self.module()))
    }

    /// The fields that are lists of keys.
    pub fn lists(&self) -> impl Iterator<Item = &Field> {
        let lists = self.fields.iter();
        lists.filter(|field| matches!(field.kind, Kind::M2m(_)))
    }

    /// The fields that are columns.
    pub fn columns(&self) -> impl Iterator<Item = &Field> {
        let columns = self.fields.iter();
        columns.filter(|field| !matches!(field.kind, Kind::M2m(_)))
    }

    /// The first text in one line: lists are sorted by it.
    pub fn title(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.is_title())
    }
}

/// Reads `Product title:str + Tag name:str!`.
///
/// # Errors
///
/// If a word is not understood, or a model or field is there twice.
pub fn parse(words: &[String]) -> anyhow::Result<Vec<Model>> {
    let mut models: Vec<Model> = Vec::new();
    for words in words.split(|word| word == AND) {
        let (name, fields) = words.split_first().ok_or_else(|| {
            usage(
                "there is no model beside a `+`",
                "write MODEL FIELD... + MODEL FIELD...",
            )
        })?;
        let model: ModelName = name.parse()?;
        if models.iter().any(|other| other.model == model) {
            return Err(usage(
                &format!("the model `{name}` is there twice"),
                "choose another name",
            )
            .into());
        }
        let mut read: Vec<Field> = Vec::new();
        for word in fields {
            let field = Field::parse(word)?;
            let is_taken =
                |other: &Field| other.column() == field.column() || other.name == field.name;
            if read.iter().any(is_taken) {
                let words = format!("the field `{}` of `{name}` is there twice", field.name);
                return Err(usage(&words, "choose another name for one of them").into());
            }
            if matches!(&field.kind, Kind::M2m(target) if target.app.is_none() && target.model == *name)
            {
                let words = format!("`{word}`: a list of rows of the same model");
                let hint = "write the table between them into models.rs by hand: docs/rest.md";
                return Err(usage(&words, hint).into());
            }
            let is_own = matches!(&field.kind, Kind::Fk(target) if target.app.is_none() && target.model == *name);
            if is_own && !field.is_optional {
                let words = format!("`{word}`: the first row would need another one before it");
                return Err(usage(&words, "let it be empty: put a ? behind it").into());
            }
            read.push(field);
        }
        if read.iter().all(|field| matches!(field.kind, Kind::M2m(_))) {
            let words = format!("the model `{name}` has no column of its own");
            return Err(usage(&words, "give it a field such as title:str:200").into());
        }
        models.push(Model {
            model,
            fields: read,
        });
    }
    for model in &models {
        let between = model.lists().filter_map(|list| model.between(list));
        let mut taken =
            between.filter(|between| models.iter().any(|other| other.module() == *between));
        if let Some(taken) = taken.next() {
            let words = format!(
                "`{taken}` is a model, and the table between `{}` and others",
                model.module()
            );
            return Err(usage(&words, "choose another name for that model").into());
        }
    }
    in_order(&mut models)?;
    Ok(models)
}

/// Puts models behind those that they refer to, as far as both are here.
fn in_order(models: &mut Vec<Model>) -> anyhow::Result<()> {
    let mut rest = std::mem::take(models);
    while !rest.is_empty() {
        let names: Vec<_> = rest.iter().map(|model| model.name().to_owned()).collect();
        let waits = |model: &Model| {
            model.fields.iter().any(|field| match &field.kind {
                Kind::Fk(target) | Kind::M2m(target) => {
                    target.app.is_none()
                        && target.model != model.name()
                        && names.contains(&target.model)
                }
                _ => false,
            })
        };
        let Some(free) = rest.iter().position(|model| !waits(model)) else {
            let words = format!(
                "the models {} refer to each other in a circle",
                names.join(", ")
            );
            return Err(usage(
                &words,
                "leave one of the keys out, and add it to models.rs afterwards",
            )
            .into());
        };
        models.push(rest.remove(free));
    }
    Ok(())
}

fn usage(message: &str, hint: &str) -> Failure {
    Failure::new(message).hint(hint).exit(Exit::Usage)
}
