//! The tables of restkit's own tests are what `makemigrations` writes for their models, so that a
//! constraint which the models have and the SQL lacks cannot hide a fault.
//! `BACKSMITH_BLESS=1 cargo test fixtures` writes them again.

use std::fs;
use std::path::Path;

use crate::folder::Folder;

#[test]
fn fixtures_have_the_tables_of_their_models() {
    for (tests, app, models) in [
        ("library/migrations", "library", "library/models.rs"),
        ("admin/migrations", "library", "admin/models.rs"),
        ("migrations", "api", "rest/models.rs"),
    ] {
        compare(tests, app, models);
    }
}

fn compare(migrations: &str, app: &str, models: &str) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("dev/restkit/tests");
    let models = fs::read_to_string(tests.join(models)).expect("the fixture's models");
    let folder = Folder::with_project();
    folder.ok(&["startapp", app]);
    folder.write(&format!("src/{app}/models.rs"), &models);
    folder.ok(&["makemigrations"]);
    for dialect in ["sqlite", "postgres"] {
        for number in ["0001_auth", &format!("0002_{app}")] {
            let file = format!("{dialect}/{number}_initial.up.sql");
            let made = folder.read(&format!("migrations/{file}"));
            let kept = tests.join(migrations).join(&file);
            if std::env::var_os("BACKSMITH_BLESS").is_some() {
                fs::write(&kept, &made).expect("the fixture's migration");
            }
            let kept =
                fs::read_to_string(&kept).unwrap_or_else(|error| panic!("{kept:?}: {error}"));
            assert_eq!(kept, made, "dev/restkit/tests/{migrations}/{file}");
        }
    }
}
