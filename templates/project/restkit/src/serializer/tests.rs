use sea_orm::prelude::{Date, Uuid};
use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Debug, PartialEq, Deserialize, Validate)]
struct Task {
    #[garde(length(chars, min = 1, max = 5))]
    title: String,
    #[garde(skip)]
    #[serde(default)]
    completed: bool,
    #[garde(range(min = 1, max = 9))]
    priority: i32,
    #[garde(skip)]
    due: Date,
    #[garde(skip)]
    key: Option<Uuid>,
    #[garde(skip)]
    #[serde(default)]
    genre: Genre,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Genre {
    #[default]
    Work,
    Play,
}

fn errors(result: Result<Task>) -> Value {
    match result {
        Err(Error::Validation(errors)) => json!(errors),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused(data: Value, expected: Value) {
    assert_eq!(errors(parse(&data)), expected, "{data}");
}

#[test]
fn lenient_where_drf_is() {
    let task: Task = parse(&json!({
        "title": "  pad ", "completed": "on", "priority": "3.0", "due": "2026-01-31", "genre": "play",
        "unknown": [1], "key": null,
    }))
    .unwrap();
    assert_eq!(
        (task.title.as_str(), task.completed, task.priority),
        ("pad", true, 3)
    );
    assert_eq!(task.genre, Genre::Play);
}

#[test]
fn all_mistakes_at_once() {
    refused(
        json!({"title": "", "completed": "maybe", "priority": "many", "due": "31.1.", "key": "x", "genre": "drama"}),
        json!({
            "title": ["This field may not be blank."],
            "completed": ["Must be a valid boolean."],
            "priority": ["A valid integer is required."],
            "due": ["Date has wrong format. Use one of these formats instead: YYYY-MM-DD."],
            "key": ["Must be a valid UUID."],
            "genre": ["\"drama\" is not a valid choice."],
        }),
    );
}

#[test]
fn what_is_missing() {
    let required = json!(["This field is required."]);
    refused(
        json!({}),
        json!({"title": required, "priority": required, "due": required}),
    );
    refused(
        json!({"title": "too long", "due": null}),
        json!({
            "title": ["Ensure this field has no more than 5 characters."],
            "priority": required,
            "due": ["This field may not be null."],
        }),
    );
}

#[test]
fn numbers_have_a_range() {
    let priority = |value: Value| {
        let errors = errors(parse(
            &json!({"title": "a", "due": "2026-01-01", "priority": value}),
        ));
        errors["priority"][0].as_str().unwrap().to_owned()
    };
    assert_eq!(
        priority(json!(10)),
        "Ensure this value is less than or equal to 9."
    );
    assert_eq!(
        priority(json!(-1)),
        "Ensure this value is greater than or equal to 1."
    );
    assert_eq!(
        priority(json!(4_000_000_000_u64)),
        "Ensure this value is less than or equal to 2147483647."
    );
    assert_eq!(
        priority(json!("9".repeat(60))),
        "Ensure this value is less than or equal to 2147483647."
    );
    assert_eq!(priority(json!("1".repeat(2000))), "String value too large.");
    assert_eq!(priority(json!(1.5)), "A valid integer is required.");
    assert_eq!(priority(json!(true)), "A valid integer is required.");
}

#[test]
fn strings() {
    let title = |value: Value| {
        let errors = errors(parse(
            &json!({"title": value, "due": "2026-01-01", "priority": 1}),
        ));
        errors["title"][0].as_str().unwrap().to_owned()
    };
    assert_eq!(title(json!(["a"])), "Not a valid string.");
    assert_eq!(title(json!(true)), "Not a valid string.");
    assert_eq!(title(json!(null)), "This field may not be null.");
    assert_eq!(title(json!("a\0b")), "Null characters are not allowed.");
    assert_eq!(title(json!("   ")), "This field may not be blank.");
    assert_eq!(
        title(json!(123_456)),
        "Ensure this field has no more than 5 characters."
    );
}

#[test]
fn a_body_is_an_object() {
    let words = |got: &str| json!({"non_field_errors": [format!("Invalid data. Expected a dictionary, but got {got}.")]});
    refused(json!([1]), words("list"));
    refused(json!("x"), words("str"));
    refused(json!(1.5), words("float"));
}

#[test]
fn a_part_is_validated_alone() {
    let stored = json!({"title": "far too long since always", "priority": 3, "due": "2026-01-01", "completed": true});
    let stored = stored.as_object().unwrap();
    let task: Task = parse_partial(&json!({"priority": 4}), stored, &str::to_owned).unwrap();
    assert_eq!((task.priority, task.completed), (4, true));
    let wrong = parse_partial::<Task>(
        &json!({"title": "", "priority": "x"}),
        stored,
        &str::to_owned,
    );
    assert_eq!(
        errors(wrong),
        json!({"title": ["This field may not be blank."], "priority": ["A valid integer is required."]})
    );
}

#[test]
fn no_number_becomes_infinite() {
    #[derive(Debug, Deserialize)]
    struct Measured {
        narrow: f32,
    }
    let read = |json: Value| Measured::deserialize(Lenient(&json));
    assert_eq!(read(json!({ "narrow": 1e38 })).unwrap().narrow, 1e38);
    for beyond in [json!(1e39), json!("-1e39"), json!(1e300)] {
        read(json!({ "narrow": beyond })).unwrap_err();
    }
}
