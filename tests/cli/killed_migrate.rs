//! SIGKILL at any moment of `migrate`: each migration is wholly applied and recorded, or not at all.

use std::process::Stdio;
use std::time::Duration;

use crate::cluster::Cluster;
use crate::folder::Folder;

const MIGRATIONS: usize = 40;

/// A project with many migrations that each do several things.
fn project() -> Folder {
    let folder = Folder::with_app();
    for number in 3..3 + MIGRATIONS {
        for dialect in ["sqlite", "postgres"] {
            let name = format!("migrations/{dialect}/{number:04}_api_step");
            let up = format!(
                "CREATE TABLE step_{number} (id integer PRIMARY KEY);\n\
                 INSERT INTO step_{number} VALUES (1), (2);\n\
                 ALTER TABLE step_{number} ADD COLUMN more integer;\n"
            );
            folder.write(&format!("{name}.up.sql"), &up);
            folder.write(
                &format!("{name}.down.sql"),
                &format!("DROP TABLE step_{number};\n"),
            );
        }
    }
    folder
}

/// Kills `migrate` again and again, a little later each time, and lets the last one end.
fn kill_until_done(folder: &Folder, url: &str) {
    let args = ["migrate", "--database-url", url];
    for delay in (0..60).map(|step| Duration::from_millis(5 + 2 * step)) {
        let mut child = folder
            .command(&args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(delay);
        child.kill().expect("killed or ended");
        child.wait().expect("it has ended");
    }
    folder.ok(&args);
    let list = folder
        .ok(&["showmigrations", "--plan", "--database-url", url])
        .stdout;
    assert_eq!(list.matches("[X]").count(), MIGRATIONS + 2, "{list}");
    let models = folder.ok(&["inspectdb", "--database-url", url]).stdout;
    assert_eq!(models.matches("table_name = \"step_").count(), MIGRATIONS);
    assert_eq!(models.matches("pub more: Option<i32>").count(), MIGRATIONS);
    folder.ok(&["migrate", "zero", "--database-url", url]);
    let models = folder.ok(&["inspectdb", "--database-url", url]).stdout;
    assert!(!models.contains("table_name"), "{models}");
}

#[test]
fn migrate_on_sqlite() {
    let folder = project();
    let url = format!("sqlite://{}", folder.path("killed.db").display());
    kill_until_done(&folder, &url);
}

#[test]
fn migrate_on_postgresql() {
    if let Some(cluster) = Cluster::start() {
        kill_until_done(&project(), &cluster.create_database("killed"));
    }
}
