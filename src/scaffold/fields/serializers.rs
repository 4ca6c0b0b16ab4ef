//! `serializers.rs`

use std::collections::BTreeSet;

use super::field::{Field, Kind};
use super::line::Model;
use super::models::rust_type;
use super::with_article;
use crate::rust::layout::{Brackets, list};

/// The widest fields of a struct that rustfmt leaves in one line.
const MAX_LITERAL: usize = 18;

const HEAD: &str = "//! The data that the API accepts and shows. It is never the table itself: a new column stays hidden until
//! it is named here.
//!
//! Rules about single values are here, beside their fields; how long a text may be is known from
//! the model. What needs the database or the user belongs in `views.rs`.

use restkit::prelude::*;

";

pub(in crate::scaffold) fn write(models: &[Model]) -> String {
    let mut text = HEAD.to_owned();
    let mut names = BTreeSet::new();
    for model in models {
        names.insert(model.module());
        let enums = model
            .fields
            .iter()
            .filter(|field| matches!(field.kind, Kind::Enum(_)));
        names.extend(enums.map(|field| model.enum_name(field)));
    }
    // rustfmt puts modules before types.
    let (modules, types): (Vec<_>, Vec<_>) = names
        .into_iter()
        .partition(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
    let names = types.into_iter().chain(modules);
    text.push_str(&list(
        "use super::models::",
        "",
        names,
        ";",
        Brackets::Braces,
    ));
    text.push('\n');
    let lists = models.iter().flat_map(|model| {
        model
            .lists()
            .map(|field| format!("{}_{}", model.module(), field.name))
    });
    let mut lists: Vec<_> = lists.collect();
    lists.sort();
    if !lists.is_empty() {
        text.push_str(&list(
            "use super::views::",
            "",
            lists,
            ";",
            Brackets::Braces,
        ));
        text.push('\n');
    }
    for model in models {
        text.push_str(&request(model));
        text.push_str(&defaults(model));
        text.push_str(&response(model));
        text.push_str(&conversion(model));
    }
    text
}

fn request(model: &Model) -> String {
    let name = model.name();
    let fields: String = model
        .fields
        .iter()
        .map(|field| request_field(model, field))
        .collect();
    format!(
        "
/// The fields of {} that a client may send.
#[derive(Debug, Deserialize, JsonSchema, Validate, DeriveIntoActiveModel)]
#[garde(allow_unvalidated)]
#[sea_orm(active_model = \"{}::ActiveModel\")]
pub struct {name}Request {{
{fields}}}
",
        with_article(model),
        model.module(),
    )
}

fn request_field(model: &Model, field: &Field) -> String {
    let mut lines = Vec::new();
    match &field.kind {
        Kind::Str(_) | Kind::Text if field.is_required() => {
            lines.push("#[garde(length(chars, min = 1))]".to_owned());
        }
        Kind::Email => lines.push("#[garde(email)]".to_owned()),
        Kind::Url => lines.push("#[garde(url)]".to_owned()),
        Kind::Slug => lines.push("#[garde(pattern(r\"^[a-zA-Z0-9_-]+$\"))]".to_owned()),
        Kind::M2m(_) => lines.push("#[sea_orm(ignore)]".to_owned()),
        _ => {}
    }
    match default_words(model, field) {
        Some(words) => lines.push(words),
        None if matches!(field.kind, Kind::M2m(_)) => lines.push("#[serde(default)]".to_owned()),
        None => {}
    }
    if matches!(field.kind, Kind::Fk(_)) {
        lines.push(format!("#[serde(rename = \"{}\")]", field.name));
    }
    lines.push(format!(
        "pub {}: {},",
        field.column(),
        rust_type(model, field, "")
    ));
    lines.iter().map(|line| format!("    {line}\n")).collect()
}

/// How serde is told of a default.
fn default_words(model: &Model, field: &Field) -> Option<String> {
    let default = field.default.as_deref()?;
    Some(match (&field.kind, default) {
        (Kind::Enum(_), _) | (Kind::Bool, "false") | (Kind::Int | Kind::BigInt, "0") | (_, "") => {
            "#[serde(default)]".to_owned()
        }
        _ => format!("#[serde(default = \"{}\")]", default_function(model, field)),
    })
}

fn default_function(model: &Model, field: &Field) -> String {
    format!("{}_{}", model.module(), field.name)
}

/// The functions that give defaults which Rust does not have of itself.
fn defaults(model: &Model) -> String {
    let mut text = String::new();
    for field in &model.fields {
        let is_function = default_words(model, field).is_some_and(|words| words.contains('"'));
        let Some(default) = field.default.as_deref().filter(|_| is_function) else {
            continue;
        };
        let value = match field.kind {
            Kind::Int | Kind::BigInt | Kind::Bool => default.to_owned(),
            _ => format!("\"{default}\".to_owned()"),
        };
        text.push_str(&format!(
            "
/// The {} where none is sent.
fn {}() -> {} {{
    {value}
}}
",
            field.name.replace('_', " "),
            default_function(model, field),
            rust_type(model, field, ""),
        ));
    }
    text
}

fn response(model: &Model) -> String {
    let fields = model.fields.iter().map(|field| {
        let rename = match field.kind {
            Kind::Fk(_) => format!("    #[serde(rename = \"{}\")]\n", field.name),
            _ => String::new(),
        };
        format!(
            "{rename}    pub {}: {},\n",
            field.column(),
            rust_type(model, field, "")
        )
    });
    format!(
        "
/// The fields of {} that a client sees.
#[derive(Debug, JsonSchema, Serialize)]
pub struct {}Response {{
    pub id: i64,
{}}}
",
        with_article(model),
        model.name(),
        fields.collect::<String>()
    )
}

fn conversion(model: &Model) -> String {
    let (name, module) = (model.name(), model.module());
    let columns = model.columns().map(|field| field.column());
    let columns: Vec<_> = ["id".to_owned()].into_iter().chain(columns).collect();
    let lines = |indent: usize| {
        let lines = columns
            .iter()
            .map(|column| format!("{:indent$}{column}: {module}.{column},\n", ""));
        lines.collect::<String>()
    };
    let lists: Vec<_> = model.lists().map(|field| field.name.clone()).collect();
    let all: Vec<_> = columns
        .iter()
        .map(|column| format!("{column}: {module}.{column}"))
        .collect();
    let all = all.join(", ");
    if lists.is_empty() && all.len() <= MAX_LITERAL {
        return format!(
            "
impl From<{module}::Model> for {name}Response {{
    fn from({module}: {module}::Model) -> Self {{
        Self {{ {all} }}
    }}
}}
"
        );
    }
    if lists.is_empty() {
        return format!(
            "
impl From<{module}::Model> for {name}Response {{
    fn from({module}: {module}::Model) -> Self {{
        Self {{
{}        }}
    }}
}}
",
            lines(12)
        );
    }
    let read = lists.iter().map(|list| {
        let call = format!("{module}_{list}()");
        let keys = ".keys::<i64, i64>(ctx.db(), keys.clone())";
        let is_short = call.len() + keys.len() + ".await?".len() < crate::rust::layout::MAX_LIST;
        let space = if is_short { "" } else { "\n            " };
        format!("        let mut {list} = {call}{space}{keys}{space}.await?;\n")
    });
    let read: String = read.collect();
    let taken: String = lists
        .iter()
        .map(|list| {
            let chain = format!("{list}.remove(&{module}.id).unwrap_or_default()");
            if chain.len() <= crate::rust::layout::MAX_LIST {
                return format!("                {list}: {chain},\n");
            }
            let gap = "\n                    ";
            let chain = format!("{list}{gap}.remove(&{module}.id){gap}.unwrap_or_default()");
            format!("                {list}: {chain},\n")
        })
        .collect();
    format!(
        "
/// All rows of a page at once, so that each list of keys is one query and not one a row.
impl Representation<{module}::Entity> for {name}Response {{
    async fn of(ctx: &Context, rows: Vec<{module}::Model>) -> Result<Vec<Self>> {{
        let keys: Vec<_> = rows.iter().map(|{module}| {module}.id).collect();
{read}        let rows = rows.into_iter();
        Ok(rows
            .map(|{module}| Self {{
{taken}{}            }})
            .collect())
    }}
}}
",
        lines(16)
    )
}
