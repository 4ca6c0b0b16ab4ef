//! Made-up models: what proptest varies, and the schema that it stands for.
//!
//! Names are picked from a small pool, so that two sets of models have much in common. What a column
//! is called says what kind of values it holds, so that every change of type has a conversion.

mod tables;

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::schema::Action;

pub use tables::{field_name, schema, table_name};

/// Models by the number of their table.
pub type Models = BTreeMap<u8, Model>;

#[derive(Clone, Debug)]
pub struct Model {
    /// Whether it goes by its other name.
    pub renamed: bool,
    pub key: Key,
    pub fields: BTreeMap<u8, Field>,
    pub references: Vec<Reference>,
    /// Groups of fields, by the number that the group is called after.
    pub groups: BTreeMap<u8, (Vec<u8>, bool)>,
    pub check: Option<u8>,
    /// The number of the column that is computed.
    pub computed: Option<u8>,
    pub comment: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Counted(u8),
    Given(u8),
    Code,
    Uid,
    Pair,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub renamed: bool,
    pub variant: u8,
    pub nullable: bool,
    pub default: Option<u8>,
    /// Indexed, and uniquely.
    pub index: Option<bool>,
    /// The number of an index in SQL.
    pub sql_index: Option<u8>,
    pub collation: Option<&'static str>,
    pub comment: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub struct Reference {
    pub target: u8,
    pub nullable: bool,
    pub on_delete: Action,
    pub on_update: Action,
}

pub const KINDS: u8 = 10;
pub const UUID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

/// Up to four models.
pub fn models() -> impl Strategy<Value = Models> {
    prop::collection::btree_map(0..4_u8, model(), 0..4)
}

fn comment() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![
        4 => Just(None),
        1 => prop::sample::select(vec![
            "Plain", "it's */ a \\ trap", "two\nlines", "-- no", "/* nested */", "ünï \"quoted\"",
            "i32", "unsigned", "ends in \\",
        ]).prop_map(Some),
    ]
}

pub fn model() -> impl Strategy<Value = Model> {
    let references = prop::collection::vec(reference(), 0..3);
    let groups = prop::collection::btree_map(
        0..3_u8,
        (prop::collection::vec(0..KINDS, 2..4), any::<bool>()),
        0..2,
    );
    (
        key(),
        prop::collection::btree_map(0..KINDS, field(), 0..6),
        references,
        groups,
        prop::option::weighted(0.2, 0..2_u8),
        prop::option::weighted(0.3, 0..6_u8),
        comment(),
    )
        .prop_map(
            |(key, fields, references, groups, check, computed, comment)| Model {
                renamed: false,
                key,
                fields,
                references,
                groups,
                check,
                computed,
                comment,
            },
        )
}

pub fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        3 => (0..3_u8).prop_map(Key::Counted),
        1 => (0..3_u8).prop_map(Key::Given),
        1 => Just(Key::Code),
        1 => Just(Key::Uid),
        1 => Just(Key::Pair),
    ]
}

pub fn field() -> impl Strategy<Value = Field> {
    (
        any::<u8>(),
        any::<bool>(),
        prop::option::of(any::<u8>()),
        prop::option::weighted(0.3, any::<bool>()),
        prop::option::weighted(0.3, 0..8_u8),
        prop::option::weighted(0.2, prop::sample::select(vec!["NOCASE", "C", "POSIX"])),
        comment(),
    )
        .prop_map(
            |(variant, nullable, default, index, sql_index, collation, comment)| Field {
                renamed: false,
                variant,
                nullable,
                default,
                index,
                sql_index,
                collation,
                comment,
            },
        )
}

pub fn reference() -> impl Strategy<Value = Reference> {
    let action = || prop::sample::select(Action::ALL.to_vec());
    (0..4_u8, any::<bool>(), action(), action()).prop_map(
        |(target, nullable, on_delete, on_update)| Reference {
            target,
            nullable,
            on_delete,
            on_update,
        },
    )
}
