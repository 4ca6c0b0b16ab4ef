//! Pictures of a site for those who make it: its tables, and the way of a request through it.

pub(crate) mod pages;
mod sources;
mod tables;
pub(crate) mod way;
mod way_text;

pub(crate) use way::{NoWay, Way};
