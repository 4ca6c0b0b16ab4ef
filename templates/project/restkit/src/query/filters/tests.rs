use sea_orm::{EntityTrait, QueryTrait};

use sea_orm::DbBackend;

use super::*;
use crate::auth::models::user;
use crate::auth::models::user::Column as User;

fn sql(filters: &Filters<user::Entity>, lookup: Lookup, text: &str, backend: DbBackend) -> String {
    let field = &filters.set.fields[0];
    let column = field.place.column();
    let condition = lookup.condition(column, text, backend).unwrap();
    let sql = user::Entity::find()
        .filter(condition)
        .build(backend)
        .to_string();
    sql.split_once(" WHERE ").unwrap().1.to_owned()
}

#[track_caller]
fn check(column: User, lookup: Lookup, text: &str, sqlite: &str, postgres: &str) {
    let filters = Filters::new().lookups(column, [lookup]);
    assert_eq!(sql(&filters, lookup, text, DbBackend::Sqlite), sqlite);
    assert_eq!(sql(&filters, lookup, text, DbBackend::Postgres), postgres);
}

#[test]
fn lookups_as_sql() {
    let own = r#""auth_user"."username""#;
    check(
        User::Username,
        Lookup::Ne,
        "a",
        &format!("{own} <> 'a' OR {own} IS NULL"),
        &format!("{own} <> 'a' OR {own} IS NULL"),
    );
    check(
        User::Username,
        Lookup::IStartsWith,
        "É",
        &format!("{own} GLOB '[Éé]*'"),
        &format!(r"{own} ILIKE 'É%'"),
    );
    check(
        User::Username,
        Lookup::Contains,
        "a*",
        &format!("{own} GLOB '*a[*]*'"),
        &format!(r"{own} LIKE '%a*%'"),
    );
    check(
        User::DateJoined,
        Lookup::Month,
        "2",
        r#"(CAST(strftime('%m', "auth_user"."date_joined") AS INTEGER)) = 2"#,
        r#"(EXTRACT(MONTH FROM "auth_user"."date_joined" AT TIME ZONE 'UTC')) = 2"#,
    );
    check(
        User::DateJoined,
        Lookup::Year,
        "9999",
        concat!(
            r#""auth_user"."date_joined" >= '9998-12-31' AND "#,
            r#"(strftime('%Y-%m-%d %H:%M:%f', "auth_user"."date_joined")) >= "#,
            r#"(strftime('%Y-%m-%d %H:%M:%f', '9999-01-01 00:00:00.000000 +00:00'))"#
        ),
        r#""auth_user"."date_joined" >= '9999-01-01 00:00:00.000000 +00:00'"#,
    );
}

#[test]
fn filters_describe_themselves() {
    let filters = Filters::<user::Entity>::new()
        .lookups(User::IsActive, [Lookup::Exact, Lookup::IsNull])
        .exact([User::IsActive])
        .lookups(User::Id, [Lookup::In])
        .name(User::Id, "number")
        .search([User::Username, User::Email])
        .ordering([User::Id]);
    let parameters = filters.parameters(|_| Vec::new());
    let names: Vec<_> = parameters
        .iter()
        .map(|parameter| (parameter.name.as_str(), parameter.kind, parameter.is_list))
        .collect();
    assert_eq!(
        names,
        [
            ("is_active", "boolean", false),
            ("is_active__isnull", "boolean", false),
            ("number__in", "integer", true),
            ("search", "string", false),
            ("ordering", "string", true),
        ]
    );
    assert_eq!(parameters[4].choices, ["number", "-number"]);
    assert_eq!(parameters[0].description, "Rows whose is_active is this.");
}

#[test]
fn parameters_as_openapi_has_them() {
    let filters = Filters::<user::Entity>::new()
        .lookups(User::Id, [Lookup::In])
        .lookups(User::DateJoined, [Lookup::Lt]);
    let schemas: Vec<_> = filters
        .parameters(|_| Vec::new())
        .iter()
        .map(Parameter::schema)
        .collect();
    assert_eq!(schemas[0]["name"], "id__in");
    assert_eq!(schemas[0]["explode"], false);
    assert_eq!(schemas[0]["schema"]["items"]["maximum"], i64::MAX);
    assert_eq!(schemas[1]["schema"]["format"], "date-time");
    assert_eq!(schemas[1]["allowEmptyValue"], true);
}
