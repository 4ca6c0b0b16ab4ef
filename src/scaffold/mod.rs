//! Making new files from templates and fitting them into existing ones; texts in, texts out.

pub mod answers;
pub mod app;
pub mod fields;
pub mod lock;
pub mod lockfile;
pub mod model;
pub mod parts;
pub mod project;
pub mod secret;
pub mod templates;
pub mod workspace;
