//! The site as a whole: its settings and its routes. What belongs to one app belongs in its folder.

pub mod settings;
pub mod urls;
