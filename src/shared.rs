//! What the program and the projects that it makes do alike: the very files of restkit.

#[path = "../templates/project/restkit/src/db/address.rs"]
pub mod address;
#[path = "../templates/project/restkit/src/db/migrations/particulars.rs"]
mod particulars;
#[path = "../templates/project/restkit/src/db/migrations/rebuild.rs"]
pub mod rebuild;
#[path = "../templates/project/restkit/src/db/migrations/sql.rs"]
pub mod sql;
