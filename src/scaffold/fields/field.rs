//! One field of a line.

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::error::{Exit, Failure};
use crate::name::is_keyword;
use crate::nearest::nearest;

/// The types by their words, with what may follow a colon.
pub const TYPES: [(&str, &str); 18] = [
    ("str", "a text in one line; str:200 says how long it may be"),
    ("text", "a text of any length"),
    ("int", "a whole number"),
    ("bigint", "a large whole number"),
    ("float", "a number that need not be exact"),
    (
        "decimal",
        "an exact number: decimal:8,2 has 8 digits, 2 of them after the point",
    ),
    ("bool", "yes or no"),
    ("date", "a day"),
    ("time", "a time of day"),
    ("datetime", "a moment"),
    ("uuid", "an identifier that is unique anywhere"),
    ("json", "data of any shape"),
    ("email", "an address"),
    ("url", "an address on the web"),
    ("slug", "letters, digits, - and _, for addresses"),
    ("enum", "one of several words: enum:draft,published"),
    ("fk", "a row of another model: fk:Author, fk:auth.User"),
    ("m2m", "rows of another model: m2m:Tag"),
];

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Str(u32),
    Text,
    Int,
    BigInt,
    Float,
    Decimal(u32, u32),
    Bool,
    Date,
    Time,
    DateTime,
    Uuid,
    Json,
    Email,
    Url,
    Slug,
    Enum(Vec<String>),
    Fk(Target),
    M2m(Target),
}

/// A model that a field refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The label of its app; `None` for one of the same app.
    pub app: Option<String>,
    pub model: String,
}

impl Target {
    /// The module of the model, for example `author`.
    pub fn module(&self) -> String {
        self.model.to_snake_case()
    }

    /// The path of its entity, as a model beside it writes it.
    pub fn entity(&self) -> String {
        let module = self.module();
        match self.app.as_deref() {
            None => format!("super::{module}::Entity"),
            Some("auth") => format!("restkit::auth::models::{module}::Entity"),
            Some(app) => format!("crate::{app}::models::{module}::Entity"),
        }
    }
}

/// A field as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As it was written.
    pub word: String,
    pub name: String,
    pub kind: Kind,
    pub is_optional: bool,
    pub is_unique: bool,
    pub is_indexed: bool,
    pub default: Option<String>,
}

impl Field {
    /// Reads `NAME:TYPE[:WHAT][marks][=DEFAULT]`.
    ///
    /// # Errors
    ///
    /// If a part is not understood; the message names it and the nearest right one.
    pub fn parse(word: &str) -> Result<Self, Failure> {
        let wrong = |what: String, hint: &str| {
            let shown = word.escape_debug();
            Failure::new(format!("the field `{shown}`: {what}"))
                .hint(hint)
                .exit(Exit::Usage)
        };
        let (name, rest) = word.split_once(':').ok_or_else(|| {
            wrong(
                "it has no type".to_owned(),
                "write NAME:TYPE, for example title:str:200",
            )
        })?;
        check_name(name)
            .map_err(|what| wrong(what, "use small letters, digits and _: due_date"))?;
        let (rest, default) = match rest.split_once('=') {
            Some((rest, default)) => (rest, Some(default.to_owned())),
            None => (rest, None),
        };
        let spec = rest.trim_end_matches(['?', '!', '#']);
        let marks = &rest[spec.len()..];
        let (type_name, what) = match spec.split_once(':') {
            Some((type_name, what)) => (type_name, Some(what)),
            None => (spec, None),
        };
        let kind = kind(type_name, what).map_err(|(what, hint)| wrong(what, &hint))?;
        let field = Self {
            word: word.to_owned(),
            name: name.to_owned(),
            is_optional: marks.contains('?'),
            is_unique: marks.contains('!'),
            is_indexed: marks.contains('#'),
            default,
            kind,
        };
        field.check().map_err(|(what, hint)| wrong(what, hint))?;
        Ok(field)
    }

    /// Looks at what goes together.
    fn check(&self) -> Result<(), (String, &'static str)> {
        let is_many = matches!(self.kind, Kind::M2m(_));
        if is_many
            && (self.is_optional || self.is_unique || self.is_indexed || self.default.is_some())
        {
            return Err((
                "a list of rows has no marks and no default".to_owned(),
                "leave ?, !, # and = out",
            ));
        }
        if self.is_optional && self.default.is_some() {
            return Err((
                "it is empty or has a default, not both".to_owned(),
                "leave ? or = out",
            ));
        }
        let Some(default) = &self.default else {
            return Ok(());
        };
        let is_fitting = match &self.kind {
            Kind::Str(length) => {
                default.chars().count() <= *length as usize && !default.contains(['"', '\\'])
            }
            Kind::Text => !default.contains(['"', '\\', '\n']),
            Kind::Int => default.parse::<i32>().is_ok(),
            Kind::BigInt => default.parse::<i64>().is_ok(),
            Kind::Bool => default == "true" || default == "false",
            Kind::Enum(values) => values.contains(default),
            _ => {
                let hint = "texts, whole numbers, bool and enum have defaults here; write others into models.rs";
                return Err(("its type takes no default from a line".to_owned(), hint));
            }
        };
        if is_fitting {
            return Ok(());
        }
        Err((
            format!("`{default}` is no value of its type"),
            "write one that is, behind =",
        ))
    }

    /// The column: `owner_id` for `owner`.
    pub fn column(&self) -> String {
        match self.kind {
            Kind::Fk(_) => format!("{}_id", self.name),
            _ => self.name.clone(),
        }
    }

    /// The column as SeaORM's enum has it: `OwnerId`.
    pub fn variant(&self) -> String {
        self.column().to_upper_camel_case()
    }

    /// Whether it is text in one line, by which people know a row.
    pub fn is_title(&self) -> bool {
        matches!(self.kind, Kind::Str(_))
    }

    /// Whether a client has to send it.
    pub fn is_required(&self) -> bool {
        let is_many = matches!(self.kind, Kind::M2m(_));
        !self.is_optional && self.default.is_none() && !is_many
    }
}

fn check_name(name: &str) -> Result<(), String> {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    let is_plain = begins && name.chars().all(letters) && name.to_snake_case() == name;
    match name {
        "id" => Err("every model has an id already".to_owned()),
        _ if is_keyword(name) => Err(format!("`{name}` is a keyword of Rust")),
        _ if !is_plain || name.len() > 30 => Err(format!("`{name}` is no name of a field")),
        _ => Ok(()),
    }
}

/// The type behind a word, or what is wrong and what to write.
fn kind(name: &str, what: Option<&str>) -> Result<Kind, (String, String)> {
    let simple = |kind: Kind| match what {
        None => Ok(kind),
        Some(what) => Err((
            format!("`{name}` takes nothing behind it, and there is `{what}`"),
            format!("write {name} alone"),
        )),
    };
    let needs = |example: &str| (format!("`{name}` needs more"), format!("write {example}"));
    match name {
        "str" => match what.unwrap_or("200").parse() {
            Ok(length) if (1..=10_000).contains(&length) => Ok(Kind::Str(length)),
            _ => Err(needs("str:200")),
        },
        "text" => simple(Kind::Text),
        "int" => simple(Kind::Int),
        "bigint" => simple(Kind::BigInt),
        "float" => simple(Kind::Float),
        "decimal" => decimal(what).ok_or_else(|| needs("decimal:8,2")),
        "bool" => simple(Kind::Bool),
        "date" => simple(Kind::Date),
        "time" => simple(Kind::Time),
        "datetime" => simple(Kind::DateTime),
        "uuid" => simple(Kind::Uuid),
        "json" => simple(Kind::Json),
        "email" => simple(Kind::Email),
        "url" => simple(Kind::Url),
        "slug" => simple(Kind::Slug),
        "enum" => words(what).ok_or_else(|| needs("enum:draft,published")),
        "fk" => target(what)
            .map(Kind::Fk)
            .ok_or_else(|| needs("fk:Author or fk:auth.User")),
        "m2m" => target(what).map(Kind::M2m).ok_or_else(|| needs("m2m:Tag")),
        _ => {
            let known = TYPES.iter().map(|(name, _)| (*name).to_owned());
            let hint = match nearest(name, known) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("the types are {}", TYPES.map(|(name, _)| name).join(", ")),
            };
            Err((format!("there is no type `{}`", name.escape_debug()), hint))
        }
    }
}

fn decimal(what: Option<&str>) -> Option<Kind> {
    let (digits, places) = what.unwrap_or("10,2").split_once(',')?;
    let (digits, places): (u32, u32) = (digits.parse().ok()?, places.parse().ok()?);
    ((1..=28).contains(&digits) && places < digits).then_some(Kind::Decimal(digits, places))
}

fn words(what: Option<&str>) -> Option<Kind> {
    let words: Vec<_> = what?.split(',').map(str::to_owned).collect();
    let is_word = |word: &String| {
        check_name(word).is_ok() && word.to_upper_camel_case().to_snake_case() == *word
    };
    let mut once = words.clone();
    once.sort();
    once.dedup();
    (words.iter().all(is_word) && once.len() == words.len()).then_some(Kind::Enum(words))
}

fn target(what: Option<&str>) -> Option<Target> {
    let what = what?;
    let (app, model) = match what.split_once('.') {
        Some((app, model)) => (Some(app.to_owned()), model),
        None => (None, what),
    };
    let is_model =
        model.parse::<crate::name::ModelName>().is_ok() || model == "User" || model == "Group";
    let is_app = app.as_deref().is_none_or(|app| check_name(app).is_ok());
    (is_model && is_app).then(|| Target {
        app,
        model: model.to_owned(),
    })
}
