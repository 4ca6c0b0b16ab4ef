//! The whole way as its users go it: the real program, a real build, a real server.
//!
//! The program under test is the one that cargo built for this test, or the one that `BACKSMITH`
//! names. Generated projects share a target folder, so that the second run is quick.

// The rules against writing and printing are for the program itself.
#![allow(clippy::disallowed_methods, clippy::print_stderr)]

mod browser;
#[path = "../support/cluster.rs"]
mod cluster;
mod docs;
mod fields;
mod fixtures;
mod inspected;
mod operations;
mod package;
mod postgres;
mod project;
mod server;
mod tutorial;
mod upgrade;
mod without_admin;
