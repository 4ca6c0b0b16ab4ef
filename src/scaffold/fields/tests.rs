use proptest::prelude::*;

use super::*;
use crate::scaffold::model::additions;
use crate::schema::parse::{Source, parse as parse_models};

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn message(line: &str) -> String {
    let error = parse(&words(line)).unwrap_err();
    let hint = crate::error::hint_of(&error).unwrap_or_default();
    format!("{error} {hint}")
}

#[test]
fn a_word_says_all_of_a_field() {
    let models = parse(&words(
        "Product price:decimal:8,2 stock:bool=true owner:fk:auth.User sku:slug!# due:date?",
    ))
    .unwrap();
    let [price, stock, owner, sku, due] = models[0].fields.as_slice() else {
        panic!("five fields");
    };
    assert_eq!(price.kind, Kind::Decimal(8, 2));
    assert_eq!(stock.default.as_deref(), Some("true"));
    assert_eq!(
        (owner.column().as_str(), owner.variant().as_str()),
        ("owner_id", "OwnerId")
    );
    assert!(sku.is_unique && sku.is_indexed && sku.is_required());
    assert!(due.is_optional && !due.is_required());
}

#[test]
fn what_is_wrong_is_named_with_what_to_write() {
    for (line, expected) in [
        ("Product title", "write NAME:TYPE"),
        ("Product title:string", "did you mean"),
        ("Product title:strr", "did you mean str?"),
        ("Product price:decimal:2,8", "write decimal:8,2"),
        ("Product Title:str", "`Title` is no name of a field"),
        ("Product type:str", "keyword of Rust"),
        ("Product id:int", "has an id already"),
        ("Product a:int=x", "`x` is no value of its type"),
        ("Product a:enum", "write enum:draft,published"),
        ("Product a:enum:b,b", "write enum:draft,published"),
        ("Product a:date=2030-01-01", "takes no default from a line"),
        ("Product a:str?=b", "not both"),
        ("Product a:int:5", "takes nothing behind it"),
        ("Product a:str a:text", "there twice"),
        (
            "Product owner:fk:Shop owner_id:int + Shop a:str",
            "there twice",
        ),
        ("Product tags:m2m:Tag", "no column of its own"),
        ("Product a:str b:fk:Product", "put a ? behind it"),
        ("Product a:str + Product b:str", "there twice"),
        ("Product a:str +", "no model beside a `+`"),
        ("One a:str b:fk:Two + Two a:str b:fk:One", "in a circle"),
        ("product a:str", "not a valid model name"),
    ] {
        let said = message(line);
        assert!(said.contains(expected), "{line}: {said}");
    }
}

#[test]
fn models_stand_behind_those_that_they_refer_to() {
    let models = parse(&words("Post a:str tag:fk:Tag + Tag b:str")).unwrap();
    let names: Vec<_> = models.iter().map(Model::name).collect();
    assert_eq!(names, ["Tag", "Post"]);
}

/// A field that is right, called `name`.
fn any_field(name: &'static str) -> impl Strategy<Value = String> {
    let plain = prop::sample::select(vec![
        "str:30",
        "str",
        "text",
        "int",
        "bigint",
        "float",
        "decimal:6,3",
        "bool",
        "date",
        "time",
        "datetime",
        "uuid",
        "json",
        "email",
        "url",
        "slug",
        "enum:small,very_large",
        "fk:auth.User",
        "fk:auth.Group",
    ]);
    let marked = (plain, "[?]?[!]?#?").prop_map(|(kind, marks)| format!("{kind}{marks}"));
    let given = prop::sample::select(vec![
        "str:30=hello",
        "text=",
        "int=-3",
        "bigint=9",
        "bool=true",
        "bool=false",
        "enum:one,two=two",
        "m2m:auth.User",
    ]);
    prop_oneof![marked, given.prop_map(str::to_owned)]
        .prop_map(move |kind| format!("{name}:{kind}"))
}

proptest! {
    /// Any line gives files that Rust and `makemigrations` can read.
    #[test]
    fn any_line_makes_an_app_that_can_be_read(
        first in any_field("first"), second in any_field("second"), third in any_field("third_of_all"),
        other in any_field("other"),
    ) {
        let line = format!("Product {first} title:str {second} {third} kind:fk:Kind + Kind {other} name:str!");
        let models = parse(&words(&line)).unwrap();
        let app: AppName = "shop".parse().unwrap();
        for file in files(&app, &models, &Elsewhere::default()) {
            let text = String::from_utf8(file.contents).unwrap();
            prop_assert!(syn::parse_file(&text).is_ok(), "{line}: {}: {text}", file.path.display());
            prop_assert!(!text.contains(" \n") && !text.contains("\n\n\n"), "{line}: {text}");
            if file.path.ends_with("models.rs") {
                let source = Source {
                    app: "shop".to_owned(),
                    path: "src/shop/models.rs".to_owned(),
                    module: ["crate", "shop", "models"].map(str::to_owned).to_vec(),
                    text: text.clone(),
                };
                let auth = Source {
                    app: "auth".to_owned(),
                    path: "restkit/src/auth/models.rs".to_owned(),
                    module: ["restkit", "auth", "models"].map(str::to_owned).to_vec(),
                    text: include_str!("../../../templates/project/restkit/src/auth/models.rs").to_owned(),
                };
                let read = parse_models(&[source, auth]);
                prop_assert!(read.is_ok(), "{line}: {:?}: {text}", read.err());
            }
        }
    }

    /// Models that come later give what they would have given from the beginning, in another order.
    #[test]
    fn a_model_can_be_added_to_any_app(first in any_field("first"), second in any_field("second")) {
        let app: AppName = "shop".parse().unwrap();
        let begun = parse(&words(&format!("Kind {first} name:str!"))).unwrap();
        let later = parse(&words(&format!("Product {second} title:str tags:m2m:Tag + Tag word:str"))).unwrap();
        let files = files(&app, &begun, &Elsewhere::default());
        for (name, addition) in additions(app.as_ref(), &later) {
            let file = files.iter().find(|file| file.path.ends_with(name)).unwrap();
            let before = String::from_utf8(file.contents.clone()).unwrap();
            let after = addition.add_to(&before).unwrap();
            let items = |text: &str| syn::parse_file(text).unwrap().items.len();
            prop_assert!(items(&after) >= items(&before), "{after}");
            prop_assert!(!after.contains(" \n") && !after.contains("\n\n\n"), "{after}");
            prop_assert!(addition.add_to(&after).is_err() || ["urls.rs", "admin.rs"].contains(&name));
        }
    }
}

/// Returns what rustfmt would change in `text`; nothing where there is no rustfmt.
fn unformatted(text: &str) -> Option<String> {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut command = Command::new("rustfmt");
    command.args(["--edition", "2024", "--emit", "stdout", "--quiet"]);
    let formatter = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut formatter) = formatter else {
        assert!(option_env!("CI").is_none(), "rustfmt is missing");
        return None;
    };
    let mut input = formatter.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let output = formatter.wait_with_output().unwrap();
    let formatted = String::from_utf8(output.stdout).unwrap();
    (formatted != text).then_some(formatted)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// The code is as rustfmt writes it. (A model whose name has more than a dozen letters may want `cargo fmt`.)
    #[test]
    fn any_line_makes_formatted_code(
        model in prop::sample::select(vec!["A", "Tag", "LogEntry", "Product"]),
        first in any_field("a"), second in any_field("the_very_long_name_of_a_field"), third in any_field("due_date"),
    ) {
        let line = format!("{model} {first} {second} {third} x1y:int + Status title:str:20 {first}");
        let models = parse(&words(&line)).unwrap();
        let app: AppName = "shop".parse().unwrap();
        for file in files(&app, &models, &Elsewhere::default()) {
            let text = String::from_utf8(file.contents).unwrap();
            if let Some(formatted) = unformatted(&text) {
                let difference = diffy::create_patch(&text, &formatted).to_string();
                return Err(TestCaseError::fail(format!("{line}: {difference}")));
            }
        }
    }
}
