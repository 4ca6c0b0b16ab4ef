//! From the version that a project was made by to this one: what becomes of each file that backsmith has made.
//!
//! Three texts are compared: the file as it was made, as the project has it, and as this version makes it. Texts in, a
//! decision out; nothing here writes.

pub mod conflict;
mod fate;
mod manifest;
mod merge;
pub mod release;

pub use conflict::Choice;
pub use fate::{Fate, Texts, decide};
