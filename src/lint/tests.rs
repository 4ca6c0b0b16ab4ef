use super::*;
use crate::schema::parse::{Source, parse};

/// The rules and lines of the findings in a file.
fn found(text: &str) -> Vec<(usize, &'static str)> {
    let file = File {
        path: "src/api/views.rs".to_owned(),
        text: text.to_owned(),
    };
    let findings = lint(&[file], &Models::default());
    findings
        .iter()
        .map(|finding| (finding.line, finding.rule))
        .collect()
}

#[test]
fn each_rule_has_what_it_finds_and_what_it_does_not() {
    for (text, expected) in [
        ("fn f() { a.unwrap(); }", vec![(1, "unwrap")]),
        ("fn f() { a.b()\n.expect(\"x\"); }", vec![(2, "unwrap")]),
        ("fn f() { a.unwrap_or_default(); a?; }", vec![]),
        ("#[cfg(test)] mod tests { fn f() { a.unwrap(); } }", vec![]),
        ("#[tokio::test] async fn f() { a.unwrap(); }", vec![]),
        (
            "async fn f(ctx: &Context) { for row in rows {\n user::Entity::find().one(ctx.db()).await?; } }",
            vec![(2, "query-in-loop")],
        ),
        (
            "async fn f(db: &C) { while let Some(x) = next() { E::find().filter(x).all(db).await?; } }",
            vec![(1, "query-in-loop")],
        ),
        (
            "async fn f() { for row in E::find().all(ctx.db()).await? { g(row); } }",
            vec![],
        ),
        (
            "async fn f() { for row in rows { row.insert(ctx.db()).await?; } }",
            vec![],
        ),
        (
            "async fn f() { for row in rows { channel.one(row).await?; } }",
            vec![],
        ),
        (
            "#[derive(Deserialize, Validate)]\npub struct R { a: String,\n #[garde(skip)] b: String, #[serde(default)] c: String, d: Option<String>, e: i32 }",
            vec![(2, "unruled-text")],
        ),
        ("#[derive(Serialize)] pub struct R { a: String }", vec![]),
        (
            "fn p() -> Pagination<E> { Pagination::none() }",
            vec![(1, "unlimited-list")],
        ),
        ("fn p() -> Option<E> { Other::none() }", vec![]),
        (
            "const API_KEY: &str = \"sk-0123456789\";",
            vec![(1, "secret-in-source")],
        ),
        (
            "fn s() { Settings { secret_key: \"0123456789\".to_owned(), ..d() } }",
            vec![(1, "secret-in-source")],
        ),
        (
            "fn s() { let password = String::from(\"swordfish1\"); }",
            vec![(1, "secret-in-source")],
        ),
        (
            "fn s() { let password = form.get(\"password\"); let secret_key = env(\"SECRET_KEY\")?; }",
            vec![],
        ),
        (
            "const PASSWORD_HELP: &str = \"Choose a good one.\";",
            vec![],
        ),
        (
            "async fn postpone(ctx: &Context, task: task::Model) -> Result<T> { row.update(ctx.db()).await?; }",
            vec![(1, "logic-in-view")],
        ),
        (
            "async fn f(ctx: Context) { let db = ctx.db();\n Entity::delete_many().filter(x).exec(db).await?; }",
            vec![(1, "logic-in-view")],
        ),
        (
            "async fn f(ctx: &Context) { services::postpone(ctx.db(), task).await?; Entity::find().all(ctx.db()).await?; }",
            vec![],
        ),
        (
            "async fn postpone(db: &Connection) { row.update(db).await?; }",
            vec![],
        ),
        (
            "impl ModelViewSet for V { async fn created(ctx: &Context) { row.update(ctx.db()).await?; } }",
            vec![],
        ),
        ("this is not Rust", vec![]),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
}

#[test]
fn a_reason_silences() {
    let allow = "// backsmith: allow(unwrap)";
    for (text, count) in [
        (
            format!("fn f() {{ a.unwrap(); }} {allow}: it was checked above"),
            0,
        ),
        (
            format!("fn f() {{\n{allow}: it was checked above\na.unwrap(); }}"),
            0,
        ),
        (format!("fn f() {{\n{allow}\na.unwrap(); }}"), 1),
        (format!("fn f() {{\n{allow}: why\n\na.unwrap(); }}"), 1),
        (
            "fn f() {\n// backsmith: allow(query-in-loop): why\na.unwrap(); }".to_owned(),
            1,
        ),
    ] {
        assert_eq!(found(&text).len(), count, "{text}");
    }
}

/// The models of a file.
fn models(text: &str) -> Models {
    let source = Source {
        app: "api".to_owned(),
        path: "src/api/models.rs".to_owned(),
        module: ["crate", "api", "models"].map(str::to_owned).to_vec(),
        text: text.to_owned(),
    };
    parse(&[source]).unwrap()
}

#[test]
fn what_clients_ask_for_has_an_index() {
    let models = models(
        "pub mod task {\n#[sea_orm::model]\n#[derive(DeriveEntityModel)]\n#[sea_orm(table_name = \"api_task\")]\npub struct Model {
        #[sea_orm(primary_key)] pub id: i64, #[sea_orm(indexed)] pub title: String, #[sea_orm(unique)] pub slug: String,
        pub due: Option<Date>, pub done: bool, #[sea_orm(column_name = \"p\")] pub priority: i32 } }",
    );
    for (filters, expected) in [
        (
            "exact([Column::Id, Column::Title, Column::Slug, Column::Done])",
            vec![],
        ),
        (
            "ordering([Column::Id, Column::Title, Column::Slug])",
            vec![],
        ),
        ("exact([task::Column::Due])", vec!["a filter on `due`"]),
        (
            "ordering([Column::Due, Column::Done])",
            vec!["an order by `due`", "an order by `done`"],
        ),
        ("search([Column::Due])", vec![]),
        ("exact([Column::Missing])", vec![]),
    ] {
        let text = format!(
            "impl ModelViewSet for V {{ type Entity = task::Entity;\nfn filters() -> F {{ Filters::new().{filters} }} }}"
        );
        let file = File {
            path: "src/api/views.rs".to_owned(),
            text,
        };
        let found = lint(&[file], &models);
        let mut found: Vec<_> = found
            .iter()
            .map(|found| found.message.split(',').next().unwrap())
            .collect();
        found.sort_unstable();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{filters}");
    }
}

#[test]
fn a_column_that_nobody_shows_is_a_note() {
    let models = models(
        "pub mod task {\n#[sea_orm::model]\n#[derive(DeriveEntityModel)]\n#[sea_orm(table_name = \"api_task\")]\npub struct Model { #[sea_orm(primary_key)] pub id: i64, pub title: String, pub due: Option<Date>, pub owner_id: i64 } }",
    );
    let file = File {
        path: "src/api/serializers.rs".to_owned(),
        text: "pub struct TaskResponse { id: i64, title: String, owner: String }".to_owned(),
    };
    let findings = lint(&[file], &models);
    assert_eq!(findings.len(), 1, "{findings:?}");
    let shown = findings[0].to_string();
    assert!(shown.starts_with("NOTE: src/api/models.rs:"), "{shown}");
    assert!(
        shown.contains("clients do not see due of Task [hidden-column]"),
        "{shown}"
    );
}
