//! The tables that SeaORM makes.

use std::collections::BTreeSet;

use backsmith::schema::Dialect;
use sea_orm::{DbBackend, EntityTrait, Schema};

/// Compiled entities.
#[derive(Default)]
pub struct Theirs {
    entities: Vec<fn(DbBackend) -> Vec<String>>,
}

impl Theirs {
    /// Adds the entity `E`.
    #[must_use]
    pub fn with<E: EntityTrait>(mut self) -> Self {
        self.entities.push(statements::<E>);
        self
    }

    /// How many entities there are.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    pub(crate) fn statements(&self, dialect: Dialect) -> Vec<String> {
        let backend = match dialect {
            Dialect::Sqlite => DbBackend::Sqlite,
            Dialect::Postgres => DbBackend::Postgres,
        };
        let mut seen = BTreeSet::new();
        self.entities
            .iter()
            .flat_map(|statements| statements(backend))
            .filter(|statement| seen.insert(statement.clone()))
            .collect()
    }
}

fn statements<E: EntityTrait>(backend: DbBackend) -> Vec<String> {
    let schema = Schema::new(backend);
    let entity = E::default();
    let enums = schema.create_enum_from_entity(entity);
    let table = schema.create_table_from_entity(entity);
    let indexes = schema.create_index_from_entity(entity);
    enums
        .iter()
        .map(|it| backend.build(it).to_string())
        .chain([backend.build(&table).to_string()])
        .chain(indexes.iter().map(|it| backend.build(it).to_string()))
        // What an entity says of PostgreSQL's own schema must not lead out of the one compared.
        .map(|sql| sql.replace("\"public\".", ""))
        .collect()
}
