//! The files of restkit that the program itself uses too, so that both do the same.

#[path = "../templates/project/restkit/src/db/address.rs"]
pub mod address;
#[path = "../templates/project/restkit/src/causes.rs"]
pub mod causes;
#[path = "../templates/project/restkit/src/drawing/layers.rs"]
pub mod layers;
#[path = "../templates/project/restkit/src/db/migrations/ledger.rs"]
pub mod ledger;
#[path = "../templates/project/restkit/src/db/migrations/migration.rs"]
pub mod migration;
#[path = "../templates/project/restkit/src/db/migrations/migrator.rs"]
pub mod migrator;
#[path = "../templates/project/restkit/src/db/migrations/particulars.rs"]
mod particulars;
#[path = "../templates/project/restkit/src/db/pooler.rs"]
pub mod pooler;
#[path = "../templates/project/restkit/src/db/migrations/rebuild.rs"]
pub mod rebuild;
#[path = "../templates/project/restkit/src/db/migrations/reconcile.rs"]
pub mod reconcile;
#[path = "../templates/project/restkit/src/db/migrations/server.rs"]
pub mod server;
#[path = "../templates/project/restkit/src/db/migrations/sql.rs"]
pub mod sql;
#[path = "../templates/project/restkit/src/drawing/svg.rs"]
pub mod svg;
#[path = "../templates/project/restkit/src/db/migrations/views.rs"]
pub mod views;
