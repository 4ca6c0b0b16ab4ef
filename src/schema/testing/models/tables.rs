//! The tables that made-up models stand for.

use super::{Field, Key, Model, Models, Reference, UUID};
use crate::schema::ColumnType::{self, *};
use crate::schema::{
    Action, Collation, Column, Condition, DefaultValue, ForeignKey, Generated, Index, Schema,
    Table, names,
};

/// The schema that `models` stand for; what they cannot mean together is left out.
pub fn schema(models: &Models) -> Schema {
    let mut schema = Schema::default();
    for (number, model) in models {
        schema
            .tables
            .insert(table_name(*number, model), table(*number, model, models));
    }
    schema
}

pub fn table_name(number: u8, model: &Model) -> std::string::String {
    let new = if model.renamed { "_new" } else { "" };
    format!("api_t{number}{new}")
}

pub fn field_name(kind: u8, field: &Field) -> std::string::String {
    let new = if field.renamed { "_new" } else { "" };
    format!("f{kind}{new}")
}

fn table(number: u8, model: &Model, models: &Models) -> Table {
    let name = table_name(number, model);
    let mut table = Table {
        comment: model.comment.map(str::to_owned),
        ..Table::default()
    };
    for (key, column) in keys(model.key) {
        table.primary_key.push(key.to_owned());
        table.columns.insert(key.to_owned(), column);
    }
    for (kind, field) in &model.fields {
        add_field(&mut table, &name, (number, *kind), field);
    }
    for reference in &model.references {
        if let Some(target) = models.get(&reference.target) {
            add_reference(&mut table, reference, target);
        }
    }
    for (group, (fields, unique)) in &model.groups {
        add_group(&mut table, &name, model, *group, fields, *unique);
    }
    if let (Some(limit), Some(field)) = (model.check, model.fields.get(&0)) {
        let column = field_name(0, field);
        let condition = Condition(format!("{column} <> '{limit}0'"));
        if matches!(table.columns[&column].column_type, Text | String(_)) {
            table.checks.insert(names::check(&name, &column), condition);
        }
    }
    if let Some(number) = model.computed {
        add_computed(&mut table, &name, model, number);
    }
    table
}

/// A column that is computed from the key, or from a text, with an index if its number is even.
fn add_computed(table: &mut Table, name: &str, model: &Model, number: u8) {
    let key = table.primary_key[0].clone();
    let text = model.fields.get(&0).map(|field| field_name(0, field));
    let is_text =
        |name: &std::string::String| matches!(table.columns[name].column_type, Text | String(_));
    let (column_type, expression) = match text.filter(is_text) {
        Some(text) if number < 3 => (Integer, format!("length({text})")),
        _ => (
            table.columns[&key].column_type.clone(),
            format!("coalesce({key}, {key})"),
        ),
    };
    let mut column = Column::new(column_type);
    column.nullable = true;
    column.generated = Some(Generated {
        expression,
        stored: number.is_multiple_of(3),
    });
    table.columns.insert("computed".to_owned(), column);
    if number.is_multiple_of(2) {
        let index = Index::over(["computed"], false);
        table
            .indexes
            .insert(names::index(name, "computed", false), index);
    }
}

fn keys(key: Key) -> Vec<(&'static str, Column)> {
    let integers = [Integer, BigInteger, SmallInteger];
    let column = |column_type| Column::new(column_type);
    match key {
        Key::Counted(size) => {
            let mut id = column(integers[usize::from(size)].clone());
            id.auto_increment = true;
            vec![("id", id)]
        }
        Key::Given(size) => vec![("id", column(integers[usize::from(size)].clone()))],
        Key::Code => vec![("code", column(String(Some(40))))],
        Key::Uid => vec![("uid", column(Uuid))],
        Key::Pair => vec![("k1", column(BigInteger)), ("k2", column(Text))],
    }
}

fn add_field(table: &mut Table, name: &str, (number, kind): (u8, u8), field: &Field) {
    let column_type = type_of(number, kind, field.variant);
    let column_name = field_name(kind, field);
    let index = field.index.filter(|_| column_type != Json);
    if let Some(unique) = index {
        let index = Index::over([&column_name], unique);
        table
            .indexes
            .insert(names::index(name, &column_name, unique), index);
    }
    if let Some(number) = field.sql_index.filter(|_| column_type != Json) {
        let (index, unique) = (
            sql_index(&table.primary_key, &column_name, &column_type, number),
            number == 1,
        );
        let index = Index::read(&index, unique).expect("an index").index;
        let label = format!("{column_name}_sql{number}");
        table
            .indexes
            .insert(names::index(name, &label, unique), index);
    }
    let column = Column {
        nullable: field.nullable,
        default: field
            .default
            .and_then(|number| default(&column_type, number)),
        comment: field.comment.map(str::to_owned),
        auto_increment: false,
        collation: field
            .collation
            .filter(|_| column_type.is_text())
            .and_then(Collation::named),
        generated: None,
        column_type,
    };
    table.columns.insert(column_name, column);
}

fn sql_index(
    key: &[std::string::String],
    column: &str,
    column_type: &ColumnType,
    number: u8,
) -> std::string::String {
    match number {
        0 => format!("({column} DESC)"),
        1 => format!("({}) WHERE {column} IS NOT NULL", key.join(", ")),
        2 => format!("({column} DESC NULLS LAST, {})", key[0]),
        3 => format!("({}) INCLUDE ({column})", key[0]),
        4 => format!("(coalesce({column}, {column}))"),
        5 if *column_type == JsonBinary => format!("USING gin ({column})"),
        6 if matches!(column_type, Text | String(_)) => {
            format!("({}) WHERE {column} ~ '^a'", key[0])
        }
        _ => format!("({column}, {} DESC) WHERE {column} IS NULL", key[0]),
    }
}

fn add_reference(table: &mut Table, reference: &Reference, target: &Model) {
    let mut from = Vec::new();
    let mut to = Vec::new();
    for (key, column) in keys(target.key) {
        let name = format!("ref{}_{key}", reference.target);
        let column = Column {
            nullable: reference.nullable,
            auto_increment: false,
            ..column
        };
        table.columns.insert(name.clone(), column);
        from.push(name);
        to.push(key.to_owned());
    }
    // Nothing empties what may not be empty.
    let possible = |action| match action {
        Action::SetNull if !reference.nullable => Action::NoAction,
        action => action,
    };
    let key = ForeignKey {
        table: table_name(reference.target, target),
        columns: to,
        on_delete: possible(reference.on_delete),
        on_update: possible(reference.on_update),
    };
    table.foreign_keys.insert(from, key);
}

fn add_group(table: &mut Table, name: &str, model: &Model, group: u8, fields: &[u8], unique: bool) {
    let mut columns: Vec<_> = fields
        .iter()
        .filter_map(|kind| Some(field_name(*kind, model.fields.get(kind)?)))
        .filter(|column| table.columns[column].column_type != Json)
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    columns.retain(|column| seen.insert(column.clone()));
    if !columns.is_empty() {
        let name = names::index(name, &format!("group{group}"), unique);
        table.indexes.insert(name, Index::over(columns, unique));
    }
}

fn type_of(number: u8, kind: u8, variant: u8) -> ColumnType {
    let types = match kind {
        0 | 1 => vec![
            Text,
            String(None),
            String(Some(50)),
            Char(Some(5)),
            Integer,
            BigInteger,
            Boolean,
            Decimal(None),
            Decimal(Some((10, 2))),
            Double,
            TinyInteger,
        ],
        2 => vec![Date, DateTime, Timestamp, TimestampWithTimeZone],
        3 => vec![Blob, Binary(16), VarBinary(None), VarBinary(Some(32))],
        4 => vec![Json, JsonBinary],
        5 => vec![Uuid],
        6 => vec![Time],
        7 => vec![
            TinyInteger,
            SmallInteger,
            Integer,
            BigInteger,
            TinyUnsigned,
            SmallUnsigned,
            Unsigned,
            BigUnsigned,
            Float,
            Double,
            Money(None),
            Money(Some((19, 4))),
            Decimal(None),
            Boolean,
        ],
        8 => vec![String(Some(20)), Char(None), Char(Some(1)), Text],
        _ => vec![
            choice(number, &["1", "2"]),
            choice(number, &["1", "2", "it's"]),
            choice(number, &["2", "1"]),
            String(Some(20)),
            Text,
        ],
    };
    types[usize::from(variant) % types.len()].clone()
}

fn choice(number: u8, values: &[&str]) -> ColumnType {
    Enum {
        name: format!("Choice{number}"),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

fn default(column_type: &ColumnType, number: u8) -> Option<DefaultValue> {
    let text = |text: &str| DefaultValue::Text(text.to_owned());
    let digits = |digits: &str| DefaultValue::Number(digits.to_owned());
    let expression = |sql: &str| DefaultValue::Expression(sql.to_owned());
    let defaults = match column_type {
        Boolean => vec![DefaultValue::Boolean(true), DefaultValue::Boolean(false)],
        TinyUnsigned | SmallUnsigned | Unsigned | BigUnsigned => vec![digits("0"), digits("7")],
        number if number.is_integer() => vec![digits("0"), digits("-1"), expression("1 + 1")],
        Float | Double | Decimal(_) => vec![digits("0"), digits("-1.5"), digits("2.25")],
        Money(_) => vec![digits("0"), digits("1.50")],
        Date => vec![DefaultValue::CurrentDate, text("2026-01-31")],
        Time => vec![DefaultValue::CurrentTime, text("12:30:00")],
        DateTime | Timestamp => vec![DefaultValue::CurrentTimestamp, text("2026-01-31 12:30:00")],
        TimestampWithTimeZone => {
            vec![
                DefaultValue::CurrentTimestamp,
                text("2026-01-31 12:30:00+00:00"),
            ]
        }
        Json | JsonBinary => vec![text("{}"), text("[1, \"it's\"]")],
        Uuid => vec![text(UUID)],
        Blob | Binary(_) | VarBinary(_) => vec![text(""), text("it's")],
        Enum { .. } => vec![text("1"), text("2")],
        Char(None | Some(1)) => vec![text("x"), text("'")],
        Char(_) => vec![text("abcde")],
        _ => vec![
            text(""),
            text("it's"),
            text("1"),
            text("true"),
            text("a::b"),
        ],
    };
    Some(defaults[usize::from(number) % defaults.len()].clone())
}
