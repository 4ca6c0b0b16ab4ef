//! Entities as plain data: tables, columns and values.

pub(crate) mod column;
pub(crate) mod columns;
pub(crate) mod entity;
pub(crate) mod related;
pub(crate) mod rows;
pub(crate) mod value;

pub use column::Column;
pub use entity::{Entity, Key, model_name};
pub use related::ManyToMany;
