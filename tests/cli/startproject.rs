//! `startproject`: what it makes, and what an interrupt leaves.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::folder::Folder;

#[test]
fn without_a_terminal_nothing_is_asked() {
    let folder = Folder::new();
    folder.refuses(2, &["startproject"], &["you must provide a project name"]);
    folder.refuses(2, &["startproject", "--no-input"], &["NAME"]);
}

#[test]
fn a_dry_run_shows_every_file_and_writes_none() {
    let folder = Folder::new();
    let shown = folder.ok(&["startproject", "core", ".", "--app", "api", "--dry-run"]);
    for file in [
        "Cargo.toml",
        "src/core/urls.rs",
        "src/api/models.rs",
        ".env",
    ] {
        assert!(
            shown.stdout.contains(&format!("create {file} ")),
            "{file}: {shown:?}"
        );
    }
    assert!(folder.tree().is_empty());
}

#[test]
fn every_project_has_a_secret_of_its_own() {
    let secret = || {
        let env = Folder::with_project().read(".env");
        let line = env
            .lines()
            .find_map(|line| line.strip_prefix("SECRET_KEY="));
        line.expect("a SECRET_KEY")
            .trim_matches(['"', '\''])
            .to_owned()
    };
    let (one, two) = (secret(), secret());
    assert!(one.len() >= 50, "{one}");
    assert_ne!(one, two);
}

#[test]
fn postgres_is_a_line_in_env() {
    let folder = Folder::new();
    folder.ok(&["startproject", "core", ".", "--database", "postgres"]);
    assert!(folder.read(".env").contains("DATABASE_URL=postgres://"));
}

#[test]
fn an_app_may_not_have_the_projects_name() {
    let folder = Folder::new();
    let args = ["startproject", "site", ".", "--app", "site"];
    folder.refuses(1, &args, &["cannot both be called `site`"]);
}

/// Cargo refuses a workspace in a workspace, and nothing around would build any more.
#[test]
fn a_workspace_that_would_take_the_project_for_a_member_is_told() {
    let folder = Folder::new();
    folder.write("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n");
    folder.write("crates/a/Cargo.toml", "[package]\nname = \"a\"\n");
    let args = ["startproject", "core", "crates/shop"];
    let words = ["Cargo.toml", "exclude = [\"crates/shop\"]"];
    folder.refuses(1, &args, &words);
    folder.ok(&["startproject", "core", "elsewhere"]);
    folder.edit(
        "Cargo.toml",
        "members",
        "exclude = [\"crates/shop\"]\nmembers",
    );
    folder.ok(&args);
}

#[test]
fn the_package_takes_the_folders_name() {
    for (directory, package) in [
        ("shop", "shop"),
        ("deep/er/My Shop", "my_shop"),
        ("x/../y", "y"),
        ("core", "core_project"),
        ("2026", "project_2026"),
        ("tokio", "tokio_project"),
    ] {
        let folder = Folder::new();
        let next = folder.ok(&["startproject", "core", directory]).stderr;
        let quote = if directory.contains(' ') { "'" } else { "" };
        let cd = format!("\n  cd {quote}{directory}{quote}\n");
        assert!(next.contains(&cd), "{next}");
        let line = format!("\nname = \"{package}\"\n");
        let manifest = folder.read(&format!("{directory}/Cargo.toml"));
        assert!(manifest.contains(&line), "{directory}: {manifest}");
        let lock = folder.read(&format!("{directory}/Cargo.lock"));
        assert_eq!(lock.matches(&line).count(), 1, "{directory}");
    }
}

#[test]
fn two_projects_differ_in_their_secret_alone() {
    // Both in a folder of the same name, which names the package.
    let tree = || {
        let folder = Folder::new();
        folder.ok(&["startproject", "core"]);
        folder.tree()
    };
    let (one, two) = (tree(), tree());
    let differing = one
        .iter()
        .filter(|(path, node)| two.get(*path) != Some(node));
    let differing: Vec<_> = differing
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert_eq!(
        (one.len(), differing),
        (two.len(), vec!["core/.env".to_owned()])
    );
}

#[test]
fn a_first_app_is_the_one_that_startapp_makes() {
    let at_once = Folder::new();
    at_once.ok(&["startproject", "core", "site", "--app", "api"]);
    let later = Folder::new();
    later.ok(&["startproject", "core", "site"]);
    let in_site = |args| {
        let status = later.command(args).current_dir(later.path("site")).status();
        assert!(status.is_ok_and(|status| status.success()));
    };
    in_site(&["startapp", "api"]);
    in_site(&["makemigrations"]);
    let without_secret = |folder: &Folder| {
        let mut tree = folder.tree();
        tree.remove(Path::new("site/.env"));
        tree
    };
    assert!(without_secret(&at_once) == without_secret(&later));
}

/// Ctrl-C at any moment: the project is whole or not there at all.
#[test]
fn an_interrupted_run_leaves_all_or_nothing() {
    let whole = Folder::new();
    whole.ok(&["startproject", "core", "site"]);
    let files = |folder: &Folder| folder.tree().into_keys().collect::<Vec<_>>();
    for delay in (0..40).map(Duration::from_millis) {
        let folder = Folder::new();
        let mut child = folder
            .command(&["startproject", "core", "site"])
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(delay);
        let id = Pid::from_raw(i32::try_from(child.id()).expect("a small id"));
        // It may have ended already.
        let _ = kill(id, Signal::SIGINT);
        let status = child.wait().expect("it ends");
        let left = files(&folder);
        let all = left == files(&whole);
        assert!(
            all || left.is_empty(),
            "after {delay:?}, {status}: {left:?}"
        );
        assert!(all || !status.success(), "after {delay:?}, {status}");
    }
}

#[test]
fn agents_md_may_be_left_out() {
    let folder = Folder::new();
    folder.ok(&["startproject", "core", ".", "--no-agents"]);
    assert!(!folder.path("AGENTS.md").exists());
    folder.ok(&["upgrade"]);
    assert!(!folder.path("AGENTS.md").exists());
}

#[test]
fn completions_and_manual_pages_are_written() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.ok(&["completions", shell]);
        assert!(script.stdout.contains("COMPLETE"), "{shell}: {script:?}");
    }
    folder.ok(&["manpages", "man1"]);
    let page = folder.read("man1/backsmith-startapp.1");
    assert!(page.contains("Add an app to the project"), "{page}");
    assert!(folder.path("man1/backsmith.1").is_file());
}

/// What is remembered for `undo` is written after the project: nothing of it may fail then.
#[cfg(unix)]
#[test]
fn a_folder_may_have_a_name_that_is_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new();
    let mut command = folder.command(&["startproject", "core"]);
    let made = command.arg(OsStr::from_bytes(b"caf\xe9")).output();
    let made = made.expect("the program starts");
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(!said.contains("panicked"), "{said}");
    assert!(made.status.success(), "{said}");
}

/// As `cargo new` does, and never a commit.
#[test]
fn a_project_is_a_git_repository_unless_it_lies_in_one() {
    let folder = Folder::with_project();
    assert!(folder.path(".git/HEAD").exists());
    let status = Command::new("git")
        .args(["status", "--porcelain"])
        .current_dir(folder.path(""))
        .output()
        .expect("git");
    let status = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(status.contains("?? Cargo.toml"), "{status}");
    assert!(!status.contains(".env\n"), "a secret: {status}");

    folder.ok(&["startproject", "below"]);
    assert!(!folder.path("below/.git").exists());
    let folder = Folder::new();
    folder.ok(&["startproject", "core", "--vcs", "none"]);
    assert!(folder.path("core/Cargo.toml").exists() && !folder.path("core/.git").exists());
}

#[test]
fn a_new_project_is_told_as_json() {
    let folder = Folder::new();
    let arguments = ["startproject", "core", ".", "--app", "api", "--json"];
    let told = folder.ok(&arguments);
    let told: serde_json::Value = serde_json::from_str(&told.stdout).expect("JSON");
    assert_eq!(told["written"], true);
    let steps = told["steps"].as_array().expect("steps");
    for path in [
        "Cargo.toml",
        "src/api/models.rs",
        "migrations/sqlite/0002_api_initial.up.sql",
    ] {
        assert!(steps.iter().any(|step| step["path"] == path), "{path}");
    }
}

/// Asks as the script of a shell does.
fn completed(folder: &Folder, words: &[&str]) -> Vec<String> {
    let last = words.len().to_string();
    let mut command = folder.command(&[&["--", "backsmith"], words].concat());
    let output = command
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", last)
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_COMPLETE_SPACE", "true")
        .env("_CLAP_IFS", "\n")
        .output()
        .expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_shell_completes_commands_apps_and_migrations() {
    let folder = Folder::with_app();
    assert_eq!(completed(&folder, &["makemig"]), ["makemigrations"]);
    assert_eq!(completed(&folder, &["startmodel", "a"]), ["api"]);
    assert_eq!(
        completed(&folder, &["migrate", "api", "0002"]),
        ["0002_api_initial"]
    );
    assert_eq!(completed(&folder, &["sqlmigrate", "0001"]), ["0001"]);
    assert!(completed(&Folder::new(), &["migrate", "a"]).is_empty());
}
