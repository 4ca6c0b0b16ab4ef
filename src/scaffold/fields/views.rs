//! `views.rs`

use super::field::{Field, Kind};
use super::line::Model;
use super::models::is_indexed;
use super::with_article;
use crate::rust::layout::{Brackets, MAX_LIST, call, list};

const HEAD: &str =
    "//! The API: each viewset decides who has access, which rows exist and what is answered.
//!
//! The shape of the data belongs in `models.rs` and `serializers.rs`, paths in `urls.rs`.

use restkit::prelude::*;

";

pub(in crate::scaffold) fn write(models: &[Model]) -> String {
    let mut text = HEAD.to_owned();
    let mut modules: Vec<_> = models.iter().map(Model::module).collect();
    modules.extend(
        models
            .iter()
            .flat_map(|model| model.lists().filter_map(|field| model.between(field))),
    );
    modules.sort();
    text.push_str(&list(
        "use super::models::",
        "",
        modules,
        ";",
        Brackets::Braces,
    ));
    text.push('\n');
    let mut types: Vec<_> = models
        .iter()
        .flat_map(|model| ["Request", "Response"].map(|ending| format!("{}{ending}", model.name())))
        .collect();
    types.sort();
    text.push_str(&list(
        "use super::serializers::",
        "",
        types,
        ";",
        Brackets::Braces,
    ));
    text.push('\n');
    for model in models {
        text.push_str(&viewset(model));
    }
    text
}

fn viewset(model: &Model) -> String {
    let (name, module) = (model.name(), model.module());
    let lists: Vec<_> = model.lists().collect();
    let calls: Vec<_> = lists
        .iter()
        .map(|field| format!("{module}_{}()", field.name))
        .collect();
    let many = if lists.is_empty() {
        String::new()
    } else {
        format!(
            "
    /// Lists of keys, each kept in a table between.
    fn many_to_many() -> Vec<ManyToMany> {{
{}
    }}
",
            list("vec!", "        ", calls.clone(), "", Brackets::Square)
        )
    };
    let mut text = format!(
        "
/// List, create, retrieve, update and delete {}. To change what one of them does, write
/// it here as an `async fn` of the same name.
pub struct {name}ViewSet;

impl ModelViewSet for {name}ViewSet {{
    type Entity = {module}::Entity;
    type Request = {name}Request;
    type Response = {name}Response;

    /// Everyone may do everything; `IsAuthenticatedOrReadOnly` would let only members write.
    fn permission() -> Permission {{
        Permission::AllowAny
    }}
{many}
    /// What a list can be asked for; what is not named here is passed over.
    fn filters() -> Filters<{module}::Entity> {{
        use {module}::Column;
{}    }}
}}
",
        model.model.plural(),
        filters(model, &calls)
    );
    for field in lists {
        text.push_str(&list_function(model, field));
    }
    text
}

fn list_function(model: &Model, field: &Field) -> String {
    let (Some(between), Kind::M2m(target)) = (model.between(field), &field.kind) else {
        return String::new();
    };
    let one = heck::AsUpperCamelCase(format!("{}_id", model.module())).to_string();
    let other = heck::AsUpperCamelCase(format!("{}_id", target.module())).to_string();
    let (mut first, mut second) = (&one, &other);
    if second < first {
        (first, second) = (second, first);
    }
    let name = format!("\"{}\"", field.name);
    let arguments = [
        name,
        format!("{between}::Entity"),
        one.clone(),
        other.clone(),
    ];
    let made = call("ManyToMany::new", "    ", &arguments, "");
    format!(
        "
/// The {} of {}, by their keys.
pub fn {}_{}() -> ManyToMany {{
    use {between}::Column::{{{first}, {second}}};
{made}
}}
",
        field.name.replace('_', " "),
        with_article(model),
        model.module(),
        field.name
    )
}

/// The chain of calls behind `Filters::new()`, a line each where they are too long for one.
fn filters(model: &Model, lists: &[String]) -> String {
    let column = |field: &Field| format!("Column::{}", field.variant());
    let of = |is: &dyn Fn(&Field) -> bool| -> Vec<String> {
        model
            .columns()
            .filter(|field| is(field))
            .map(column)
            .collect()
    };
    let indent = "            ";
    let mut lines = Vec::new();
    let exact = of(&|field| matches!(field.kind, Kind::Bool | Kind::Enum(_)));
    if !exact.is_empty() {
        lines.push(list(".exact(", indent, exact, ")", Brackets::Square));
    }
    for field in model.columns() {
        let column = column(field);
        let lookups = match field.kind {
            Kind::Int
            | Kind::BigInt
            | Kind::Float
            | Kind::Decimal(..)
            | Kind::Date
            | Kind::DateTime => "Lookup::Gte, Lookup::Lte",
            Kind::Str(_) => "Lookup::Exact, Lookup::IContains",
            Kind::Email | Kind::Slug => "Lookup::Exact",
            Kind::Fk(_) => {
                let arguments = [column.clone(), "[Lookup::Exact, Lookup::In]".to_owned()];
                lines.push(call(".lookups", indent, &arguments, ""));
                let arguments = [column, format!("\"{}\"", field.name)];
                lines.push(call(".name", indent, &arguments, ""));
                continue;
            }
            _ => continue,
        };
        let arguments = [column, format!("[{lookups}]")];
        lines.push(call(".lookups", indent, &arguments, ""));
    }
    lines.extend(
        lists
            .iter()
            .map(|call| format!("{indent}.many_to_many({call})")),
    );
    let searched = of(&|field| matches!(field.kind, Kind::Str(_) | Kind::Text));
    if !searched.is_empty() {
        lines.push(list(".search(", indent, searched, ")", Brackets::Square));
    }
    let mut ordered = vec!["Column::Id".to_owned()];
    ordered.extend(of(&|field| {
        (field.is_unique || is_indexed(model, field))
            && !matches!(field.kind, Kind::Fk(_) | Kind::Json)
    }));
    lines.push(list(".ordering(", indent, ordered, ")", Brackets::Square));
    let joined: String = lines.iter().map(|line| line.trim_start()).collect();
    let is_short = "Filters::new()".len() + joined.len() <= MAX_LIST;
    if !joined.contains('\n') && (is_short || lines.len() == 1) {
        return format!("        Filters::new(){joined}\n");
    }
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    format!("        Filters::new()\n{lines}")
}
