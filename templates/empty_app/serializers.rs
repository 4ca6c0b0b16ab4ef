//! The data that the API accepts and shows. It is never the table itself: a new column stays hidden until
//! it is named here.
//!
//! Rules about single values are here, beside their fields. What needs the database or the user
//! belongs in `views.rs`.
