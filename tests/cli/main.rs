//! The commands as a shell sees them: what they print, how they exit, what they leave on the disk.
//! Nothing here builds a generated project; `tests/e2e` does.

// The rules against writing and printing are for the program itself.
#![allow(clippy::disallowed_methods, clippy::print_stderr)]

mod answers;
#[path = "../support/certificates.rs"]
mod certificates;
mod circles;
#[path = "../support/cluster.rs"]
mod cluster;
mod database;
mod database_url;
mod diagram;
mod edit_points;
mod fixtures;
mod folder;
mod foreign;
mod golden;
mod in_the_way;
mod indexes;
mod inspectdb;
mod json;
mod killed;
mod killed_migrate;
mod links;
mod lints;
mod makemigrations;
mod merge;
mod migrate;
mod names;
mod output;
mod package;
mod parts;
mod removeapp;
mod renamed;
mod rented;
mod runserver;
mod sessions;
mod squash;
mod startapp;
mod startapp_fields;
mod startmodel;
mod startproject;
mod taken_over;
mod terminal;
mod tls;
mod tutorial;
mod unchanged;
mod undo;
mod unmanaged;
mod update;
mod upgrade;
mod views;
mod walls;
