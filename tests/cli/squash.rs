//! `squashmigrations`, and databases that have none, some or all of the originals.

use sqlx::{Connection, SqliteConnection};

use crate::cluster::Cluster;
use crate::folder::Folder;

const MODELS: &str = "src/api/models.rs";
const COMPLETED: &str = "        pub completed: bool,\n";

/// A project with four migrations: accounts, the tasks, and two more fields.
fn project() -> Folder {
    let folder = Folder::with_app();
    let mut fields = COMPLETED.to_owned();
    for field in [
        "        pub due: Option<Date>,\n",
        "        pub note: Option<String>,\n",
    ] {
        let before = fields.clone();
        fields += field;
        folder.edit(MODELS, &before, &fields);
        folder.ok(&["makemigrations"]);
    }
    folder
}

fn squash_and_migrate(folder: &Folder, urls: &[(&str, &str)]) {
    for (applied, url) in urls {
        folder.ok(&["migrate", applied, "--database-url", url]);
    }
    let made = folder.ok(&["squashmigrations", "2", "4"]).stdout;
    assert!(
        made.contains("0004_api_squashed_0002_0004.up.sql"),
        "{made}"
    );
    folder.ok(&["makemigrations", "--check"]);
    for (applied, url) in urls {
        folder.ok(&["migrate", "--database-url", url]);
        let list = folder
            .ok(&["showmigrations", "--plan", "--database-url", url])
            .stdout;
        let expected = "[X]  auth.0001_initial\n[X]  api.0004_squashed_0002_0004\n";
        assert_eq!(list, expected, "{applied}");
        let again = folder.ok(&["migrate", "--database-url", url]).stderr;
        assert!(again.contains("No migrations to apply."), "{again}");
        let models = folder
            .ok(&["inspectdb", "api_task", "--database-url", url])
            .stdout;
        assert!(
            models.contains("pub due") && models.contains("pub note"),
            "{models}"
        );
    }
    // The originals are needed no more.
    for dialect in ["sqlite", "postgres"] {
        let originals = folder.path(format!("migrations/{dialect}/squashed"));
        std::fs::remove_dir_all(originals).expect("removed");
    }
    for (_, url) in urls {
        folder.ok(&["migrate", "--check", "--database-url", url]);
        folder.ok(&["migrate", "zero", "--database-url", url]);
        folder.ok(&["migrate", "--database-url", url]);
    }
}

const STATES: [&str; 4] = ["1", "2", "3", "4"];

#[test]
fn on_sqlite() {
    let folder = project();
    let url = |state| format!("sqlite://{}", folder.path(format!("{state}.db")).display());
    let urls = STATES.map(|state| (state, url(state)));
    let urls: Vec<_> = urls
        .iter()
        .map(|(state, url)| (*state, url.as_str()))
        .collect();
    squash_and_migrate(&folder, &urls);
    let up = folder.read("migrations/sqlite/0004_api_squashed_0002_0004.up.sql");
    assert!(up.contains("-- replaces 0003_api_task_due "), "{up}");
    assert!(!up.contains("ALTER TABLE"), "written anew: {up}");
}

#[test]
fn on_postgresql() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let urls = STATES.map(|state| (state, cluster.create_database(&format!("squash_{state}"))));
    let urls: Vec<_> = urls
        .iter()
        .map(|(state, url)| (*state, url.as_str()))
        .collect();
    squash_and_migrate(&project(), &urls);
}

/// Rows that a migration writes are part of what it does.
#[test]
fn what_was_written_by_hand_stays() {
    let folder = project();
    for dialect in ["sqlite", "postgres"] {
        let name = format!("migrations/{dialect}/0005_api_first_task");
        let up = "INSERT INTO api_task (title) VALUES ('Read me');\n";
        folder.write(&format!("{name}.up.sql"), up);
        folder.write(&format!("{name}.down.sql"), "DELETE FROM api_task;\n");
    }
    folder.ok(&["squashmigrations", "2", "5"]);
    folder.ok(&["migrate"]);
    let url = format!("sqlite://{}", folder.path("db.sqlite3").display());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let titles: Vec<String> = runtime.expect("a runtime").block_on(async {
        let mut connection = SqliteConnection::connect(&url).await.expect("a database");
        let titles = sqlx::query_scalar("SELECT title FROM api_task");
        titles.fetch_all(&mut connection).await.expect("titles")
    });
    assert_eq!(titles, ["Read me"]);
}

#[test]
fn without_the_originals_a_database_that_has_some_is_told() {
    let folder = project();
    folder.ok(&["migrate", "3"]);
    folder.ok(&["squashmigrations", "2", "4"]);
    std::fs::remove_dir_all(folder.path("migrations/sqlite/squashed")).expect("removed");
    folder.refuses(
        1,
        &["migrate"],
        &["has some of the migrations", "0002_api_initial"],
    );
}

#[test]
fn ranges_that_are_none() {
    let folder = project();
    folder.refuses(2, &["squashmigrations", "2", "9"], &["no migration 0009"]);
    folder.refuses(2, &["squashmigrations", "4", "2"], &["no migration 0004"]);
    folder.refuses(2, &["squashmigrations", "2", "2"], &["cannot be squashed"]);
}

/// Databases that stopped anywhere on the way all end where the second squash does.
#[test]
fn a_squashed_migration_is_squashed_again() {
    let folder = project();
    let url = |name: &str| format!("sqlite://{}", folder.path(format!("{name}.db")).display());
    for applied in ["1", "2", "3", "4"] {
        folder.ok(&["migrate", applied, "--database-url", &url(applied)]);
    }
    folder.ok(&["squashmigrations", "2", "3"]);
    folder.ok(&["migrate", "3", "--database-url", &url("once")]);
    let made = folder.ok(&["squashmigrations", "3", "4"]).stdout;
    assert!(made.contains("0004_api_squashed_0003_0004"), "{made}");
    folder.ok(&["makemigrations", "--check"]);
    for applied in ["zero", "1", "2", "3", "4", "once"] {
        let url = url(applied);
        folder.ok(&["migrate", "--database-url", &url]);
        let list = folder
            .ok(&["showmigrations", "--plan", "--database-url", &url])
            .stdout;
        let expected = "[X]  auth.0001_initial\n[X]  api.0004_squashed_0003_0004\n";
        assert_eq!(list, expected, "{applied}");
        let models = folder.ok(&["inspectdb", "api_task", "--database-url", &url]);
        assert!(models.stdout.contains("pub due") && models.stdout.contains("pub note"));
    }
    for dialect in ["sqlite", "postgres"] {
        let originals = folder.path(format!("migrations/{dialect}/squashed"));
        std::fs::remove_dir_all(originals).expect("removed");
    }
    for applied in ["1", "once"] {
        folder.ok(&["migrate", "--check", "--database-url", &url(applied)]);
        folder.ok(&["migrate", "zero", "--database-url", &url(applied)]);
    }
}

/// PostgreSQL could not apply it: a value cannot be used by the transaction that adds it.
#[test]
fn a_value_of_an_enum_that_is_added_and_used() {
    let folder = project();
    for (number, up) in [
        (5, "ALTER TYPE mood ADD VALUE 'odd';"),
        (6, "UPDATE api_task SET mood = 'odd';"),
    ] {
        let name = format!("{number:04}_api_by_hand");
        folder.write(&format!("migrations/postgres/{name}.up.sql"), up);
        folder.write(&format!("migrations/sqlite/{name}.up.sql"), "SELECT 1;");
    }
    let words = [
        "`0005_api_by_hand`",
        "`0006_api_by_hand`",
        "'odd'",
        "up to 0005, and from 0006",
    ];
    folder.refuses(1, &["squashmigrations", "2", "6"], &words);
    folder.ok(&["squashmigrations", "2", "5"]);
}
