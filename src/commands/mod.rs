//! One file a command: its arguments on top, `run` below.

pub mod add;
pub mod check;
pub mod completions;
pub mod diagram;
pub mod inspectdb;
pub mod makemigrations;
pub mod migrate;
pub mod output;
pub mod own_app;
pub mod project;
pub mod removeapp;
pub mod renameapp;
pub mod runserver;
pub mod showmigrations;
pub mod sqlmigrate;
pub mod squashmigrations;
pub mod startapp;
pub mod startmodel;
pub mod startproject;
pub mod tutorial;
pub mod undo;
pub mod upgrade;
