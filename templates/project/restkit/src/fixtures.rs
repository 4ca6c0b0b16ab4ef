//! Rows as JSON in Django's shape, which both databases write and read: `dumpdata` and `loaddata`.
//!
//! Between the two a value is a text that means the same on either of them ([`value`]). Every table of an app is
//! a model here, those that join others too, so nothing is left behind.

mod database;
mod load;
mod order;
mod postgres;
mod selection;
mod sql;
mod sqlite;
mod table;
mod value;

pub(crate) use database::Fixtures;
pub(crate) use load::{Options, load};
pub(crate) use selection::Selection;
pub(crate) use sql::quote;
pub(crate) use sqlite::TABLES as SQLITE_TABLES;
pub(crate) use table::{Column, Table};
