//! The data of this app: tables, columns and what they may hold.
//!
//! `backsmith makemigrations` reads this file. Each model is a module with a SeaORM entity in it.
