//! `tests.rs`: about the fields that there are.

use super::Elsewhere;
use super::field::{Field, Kind, Target};
use super::line::Model;
use super::samples::{invalid, valid};
use super::with_article;
use crate::rust::layout::MAX_LIST;

const HEAD: &str = "//! Tests of this app as its clients see it: each has the whole site in memory, with a database of
//! its own; with `TEST_DATABASE_URL=postgres://...` that is a schema of PostgreSQL.

use restkit::testing::TestClient;
";

pub(in crate::scaffold) fn write(app: &str, models: &[Model], elsewhere: &Elsewhere) -> String {
    let mut text = HEAD.to_owned();
    if !elsewhere.inserts.is_empty() {
        text.push_str("use sea_orm::ConnectionTrait;\n");
    }
    text.push_str("use serde_json::{Value, json};\n");
    for model in models {
        text.push_str(&format!(
            "\nconst {}: &str = \"/{app}/{}/\";",
            constant(model),
            model.path()
        ));
    }
    text.push_str(&client(models, elsewhere));
    for model in models {
        text.push_str(&sample(model));
    }
    for model in models {
        text.push_str(&life(model));
        text.push_str(&required(model));
        text.push_str(&mistakes(model));
        text.push_str(&length(model));
        text.push_str(&unique(model));
        text.push_str(&filter(model));
    }
    text.split_inclusive('\n').map(break_long).collect()
}

/// A line that sends a request or looks at an answer, on several lines if rustfmt finds it too long for one.
fn break_long(line: &str) -> String {
    let asserted = line.trim().strip_prefix("assert!(");
    let asserted = asserted.and_then(|rest| rest.strip_suffix(");"));
    if let Some(arguments) = asserted.filter(|arguments| arguments.len() > MAX_LIST) {
        let indent = &line[..line.len() - line.trim_start().len()];
        let arguments = arguments.replace(", ", &format!(",\n{indent}    "));
        return format!("{indent}assert!(\n{indent}    {arguments},\n{indent});\n");
    }
    let parts = || {
        let (binding, chain) = line.trim_end().split_once(" = client.post(")?;
        Some((binding, chain.strip_suffix(").await;")?))
    };
    match parts() {
        Some((binding, arguments)) if "client.post().await".len() + arguments.len() > MAX_LIST => {
            let indent = &binding[..binding.len() - binding.trim_start().len()];
            format!("{binding} = client\n{indent}    .post({arguments})\n{indent}    .await;\n")
        }
        _ => line.to_owned(),
    }
}

fn constant(model: &Model) -> String {
    model.model.plural().replace(' ', "_").to_uppercase()
}

/// The targets of keys and lists, each once.
fn targets(model: &Model) -> Vec<&Target> {
    let mut targets: Vec<&Target> = Vec::new();
    for field in &model.fields {
        if let Kind::Fk(target) | Kind::M2m(target) = &field.kind
            && !targets.contains(&target)
        {
            targets.push(target);
        }
    }
    targets
}

/// A client of a site that has the rows which others refer to: two of each.
fn client(models: &[Model], elsewhere: &Elsewhere) -> String {
    let refers = |name: &str| {
        models.iter().any(|model| {
            let mut own = targets(model).into_iter();
            model.name() != name && own.any(|target| target.app.is_none() && target.model == name)
        })
    };
    let needs_user = models.iter().any(|model| {
        let mut own = targets(model).into_iter();
        own.any(|target| target.app.as_deref() == Some("auth") && target.model == "User")
    });
    let mut lines = String::new();
    if needs_user || elsewhere.needs_accounts {
        lines.push_str("    for name in [\"ada\", \"bob\"] {\n        client.create_user(name, false).await.expect(\"an account\");\n    }\n");
    }
    if !elsewhere.inserts.is_empty() {
        let inserts = elsewhere.inserts.iter();
        let inserts = inserts.map(|insert| format!("        r#\"{insert}\"#,\n"));
        lines.push_str(&format!(
            "    for row in [\n{}    ] {{\n        client.db().execute_unprepared(row).await.expect(\"a row\");\n    }}\n",
            inserts.collect::<String>()
        ));
    }
    for model in models.iter().filter(|model| refers(model.name())) {
        let (function, constant) = (format!("{}_{}", "new", model.module()), constant(model));
        lines.push_str(&format!(
            "    for number in 1..=2 {{\n        let made = client.post({constant}, {function}(number)).await;\n        assert_eq!(made.status, 201, \"{{}}\", made.text());\n    }}\n"
        ));
    }
    let head = "\n\n/// A client of the site";
    if lines.is_empty() {
        return format!(
            "{head}.\nasync fn client() -> TestClient {{\n    TestClient::new(crate::project()).await\n}}\n"
        );
    }
    let is_asked = lines.contains("client.post(");
    let binding = if is_asked { "mut client" } else { "client" };
    format!(
        "{head}, with the rows that others refer to.\nasync fn client() -> TestClient {{\n    let {binding} = TestClient::new(crate::project()).await;\n{lines}    client\n}}\n"
    )
}

/// The body of a row; those of another number differ in what is unique.
fn sample(model: &Model) -> String {
    let module = model.module();
    let same: Vec<_> = model
        .fields
        .iter()
        .map(|field| (field, valid(model.name(), field, 1)))
        .collect();
    let arms: String = [1, 2, 3]
        .iter()
        .map(|number| {
            let fields = same.iter().map(|(field, first)| {
                let is_reference = matches!(field.kind, Kind::Fk(_) | Kind::M2m(_));
                let value = match (is_reference && !field.is_unique, field.is_unique) {
                    (true, _) | (_, false) => first.clone(),
                    (_, true) => valid(model.name(), field, *number),
                };
                format!("            \"{}\": {value},\n", field.name)
            });
            let pattern = if *number == 3 {
                "_".to_owned()
            } else {
                number.to_string()
            };
            format!(
                "        {pattern} => json!({{\n{}        }}),\n",
                fields.collect::<String>()
            )
        })
        .collect();
    if model.fields.iter().any(|field| field.is_unique) {
        return format!(
            "
/// What a client sends of {}; each number has values of its own where they are unique.
fn new_{module}(number: usize) -> Value {{
    match number {{
{arms}    }}
}}
",
            with_article(model)
        );
    }
    let fields: String = same
        .iter()
        .map(|(field, value)| format!("        \"{}\": {value},\n", field.name))
        .collect();
    format!(
        "
/// What a client sends of {}.
fn new_{module}(_number: usize) -> Value {{
    json!({{
{fields}    }})
}}
",
        with_article(model)
    )
}

fn life(model: &Model) -> String {
    let (module, constant) = (model.module(), constant(model));
    format!(
        "
#[tokio::test]
async fn {module}_create_read_update_delete() {{
    let mut client = client().await;
    let sent = new_{module}(3);

    let created = client.post({constant}, sent.clone()).await;
    assert_eq!(created.status, 201, \"{{}}\", created.text());
    let path = format!(\"{{{constant}}}{{}}/\", created.json()[\"id\"]);
    let read = client.get(&path).await.json();
    for (name, value) in sent.as_object().expect(\"an object\") {{
        assert_eq!(&read[name], value, \"{{name}}\");
    }}

    assert_eq!(client.put(&path, sent).await.status, 200);
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.get(&path).await.status, 404);
}}
"
    )
}

fn required(model: &Model) -> String {
    let required: Vec<_> = model
        .fields
        .iter()
        .filter(|field| field.is_required())
        .collect();
    if required.is_empty() {
        return String::new();
    }
    let lines: String = required
        .iter()
        .map(|field| {
            format!(
                "            \"{}\": [\"This field is required.\"],\n",
                field.name
            )
        })
        .collect();
    let (module, constant) = (model.module(), constant(model));
    format!(
        "
#[tokio::test]
async fn {module}_says_what_is_missing() {{
    let mut client = client().await;

    let refused = client.post({constant}, json!({{}})).await;

    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json(),
        json!({{
{lines}        }})
    );
}}
"
    )
}

fn mistakes(model: &Model) -> String {
    let wrong = model
        .fields
        .iter()
        .filter_map(|field| Some((field, invalid(field)?)));
    let wrong: Vec<_> = wrong.collect();
    if wrong.is_empty() {
        return String::new();
    }
    let pairs = wrong.iter();
    let pairs: Vec<_> = pairs
        .map(|(field, value)| format!("(\"{}\", json!({value}))", field.name))
        .collect();
    let one = pairs.join(", ");
    let pairs = if one.len() <= MAX_LIST {
        one
    } else {
        format!("\n        {},\n    ", pairs.join(",\n        "))
    };
    let (module, constant) = (model.module(), constant(model));
    format!(
        "
#[tokio::test]
async fn {module}_refuses_values_of_another_kind() {{
    let mut client = client().await;

    for (name, value) in [{pairs}] {{
        let mut sent = new_{module}(3);
        sent[name] = value;
        let refused = client.post({constant}, sent).await;
        assert_eq!(refused.status, 400, \"{{name}}\");
        assert!(refused.json()[name].is_array(), \"{{}}\", refused.text());
    }}
}}
"
    )
}

fn length(model: &Model) -> String {
    let field = model
        .fields
        .iter()
        .find(|field| matches!(field.kind, Kind::Str(_)));
    let Some((field, Kind::Str(length))) = field.map(|field| (field, &field.kind)) else {
        return String::new();
    };
    let (module, constant, name) = (model.module(), constant(model), &field.name);
    format!(
        "
#[tokio::test]
async fn {module}_{name}_may_be_as_long_as_its_column() {{
    let mut client = client().await;

    for (length, status) in [({length}, 201), ({}, 400)] {{
        let mut sent = new_{module}(3);
        sent[\"{name}\"] = json!(\"é\".repeat(length));
        let answer = client.post({constant}, sent).await;
        assert_eq!(answer.status, status, \"{{length}} characters\");
        if status == 201 {{
            let path = format!(\"{{{constant}}}{{}}/\", answer.json()[\"id\"]);
            client.delete(&path).await;
        }}
    }}
}}
",
        length + 1
    )
}

fn unique(model: &Model) -> String {
    let Some(field) = model.fields.iter().find(|field| field.is_unique) else {
        return String::new();
    };
    let (module, constant, name) = (model.module(), constant(model), &field.name);
    format!(
        "
#[tokio::test]
async fn {module}_{name}_is_unique() {{
    let mut client = client().await;

    let first = client.post({constant}, new_{module}(3)).await;
    let second = client.post({constant}, new_{module}(3)).await;

    assert_eq!(first.status, 201);
    assert_eq!(second.status, 400);
    assert!(second.json()[\"{name}\"].is_array(), \"{{}}\", second.text());
}}
"
    )
}

fn filter(model: &Model) -> String {
    let field = model.columns().find_map(|field: &Field| match &field.kind {
        Kind::Bool => Some((field, "true".to_owned(), "false".to_owned())),
        Kind::Enum(values) if values.len() > 1 => {
            Some((field, values[0].clone(), values[1].clone()))
        }
        _ => None,
    });
    let Some((field, one, other)) = field else {
        return String::new();
    };
    let (module, constant, name) = (model.module(), constant(model), &field.name);
    format!(
        "
#[tokio::test]
async fn {module}_list_is_filtered_by_{name}() {{
    let mut client = client().await;
    let created = client.post({constant}, new_{module}(3)).await;
    let id = created.json()[\"id\"].clone();

    for (value, is_there) in [(\"{one}\", true), (\"{other}\", false)] {{
        let path = format!(\"{{{constant}}}?{name}={{value}}\");
        let list = client.get(&path).await.json();
        let rows = list[\"results\"].as_array().expect(\"a list\");
        let is_listed = rows.iter().any(|row| row[\"id\"] == id);
        assert_eq!(is_listed, is_there, \"{{value}}\");
    }}
}}
"
    )
}
