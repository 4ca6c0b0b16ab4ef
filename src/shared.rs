//! What the program and the projects that it makes do alike: the very files of restkit.

#[path = "../templates/project/restkit/src/db/address.rs"]
pub mod address;
#[path = "../templates/project/restkit/src/db/migrations/ledger.rs"]
pub mod ledger;
#[path = "../templates/project/restkit/src/db/migrations/particulars.rs"]
mod particulars;
#[path = "../templates/project/restkit/src/db/pooler.rs"]
pub mod pooler;
#[path = "../templates/project/restkit/src/db/migrations/rebuild.rs"]
pub mod rebuild;
#[path = "../templates/project/restkit/src/db/migrations/server.rs"]
pub mod server;
#[path = "../templates/project/restkit/src/db/migrations/sql.rs"]
pub mod sql;
