//! A small library, in every format that SeaORM has for entities.

pub mod author;
pub mod authorship;
pub mod book;
pub mod kinds;
pub mod loan;
pub mod shelf;
pub mod ticket;
pub mod values;
