use tempfile::TempDir;

use super::*;

fn tree(root: &Path) -> Vec<(PathBuf, Option<String>)> {
    walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| {
            let path = entry.unwrap().into_path();
            let text = fs::read_to_string(&path).ok();
            (path, text)
        })
        .collect()
}

/// A folder with `old.txt` in it and a plan that edits it and creates `a/b/new.txt`.
fn example() -> (TempDir, Plan) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("old.txt"), "old\r\n").unwrap();
    let mut plan = Plan::new(folder.path());
    plan.create("a/b/new.txt", "new");
    plan.edit("old.txt", "old\r\n", "older\r\n");
    fs::write(folder.path().join("gone.txt"), "gone").unwrap();
    plan.remove("gone.txt", "gone");
    (folder, plan)
}

#[test]
fn a_plan_is_carried_out() {
    let (folder, plan) = example();
    apply(&plan).unwrap();
    let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("a/b/new.txt"), "new");
    assert_eq!(read("old.txt"), "older\r\n");
    assert!(!folder.path().join("gone.txt").exists());
    assert_eq!(tree(folder.path()).len(), 5, "no staging folder stays");
}

#[test]
fn a_missing_root_is_made() {
    let folder = TempDir::new().unwrap();
    let mut plan = Plan::new(folder.path().join("x/y"));
    plan.create("f", "");
    apply(&plan).unwrap();
    assert!(folder.path().join("x/y/f").exists());
}

#[test]
fn all_conflicts_are_named_and_nothing_is_written() {
    let (folder, mut plan) = example();
    plan.create("old.txt", "");
    fs::create_dir_all(folder.path().join("a/b")).unwrap();
    fs::write(folder.path().join("a/b/new.txt"), "mine").unwrap();
    let before = tree(folder.path());
    let error = apply(&plan).unwrap_err().to_string();
    assert!(
        error.contains("old.txt") && error.contains("a/b/new.txt"),
        "{error}"
    );
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn a_file_where_a_folder_has_to_be_is_named_once() {
    let (folder, mut plan) = example();
    plan.create("old.txt/one", "");
    plan.create("old.txt/two/three", "");
    let before = tree(folder.path());
    let error = apply(&plan).unwrap_err().to_string();
    assert!(error.starts_with("1 file exists"), "{error}");
    assert!(error.ends_with("\n  old.txt"), "{error}");
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn a_changed_file_stops_the_plan() {
    let (folder, plan) = example();
    fs::write(folder.path().join("old.txt"), "someone else's").unwrap();
    let before = tree(folder.path());
    let error = apply(&plan).unwrap_err().to_string();
    assert!(error.contains("was changed meanwhile"), "{error}");
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn a_failure_in_the_middle_puts_everything_back() {
    let (folder, mut plan) = example();
    // No file may have such a name; the steps before it succeed.
    plan.create("x".repeat(300), "");
    let before = tree(folder.path());
    apply(&plan).unwrap_err();
    assert_eq!(tree(folder.path()), before);
}

/// Carries `plan` out as far as `steps` steps, and then is no more.
fn killed_after(steps: usize, plan: &Plan) {
    let mut undo = Undo::default();
    make_folders(&plan.root, &mut undo).unwrap();
    let staging = stage(plan, &interrupt::hold(), &undo).unwrap();
    staging.begin(plan, &new_folders(plan)).unwrap();
    for (number, step) in plan.steps.iter().enumerate().take(steps) {
        let path = plan.root.join(step.path());
        put(step, &staging.new_contents(number), &path, &mut undo).unwrap();
    }
    staging.abandon();
}

#[test]
fn a_killed_run_is_put_back_wherever_it_was() {
    for steps in 0..=3 {
        let (folder, plan) = example();
        let before = tree(folder.path());
        killed_after(steps, &plan);
        assert_ne!(tree(folder.path()), before);
        recover(folder.path()).unwrap();
        assert_eq!(tree(folder.path()), before, "after {steps} steps");
        apply(&plan).unwrap();
    }
}

#[test]
fn a_root_that_a_killed_run_made_goes() {
    let folder = TempDir::new().unwrap();
    let mut plan = Plan::new(folder.path().join("x/y"));
    plan.create("a/f", "");
    for steps in 0..=1 {
        killed_after(steps, &plan);
        assert_eq!(plan.root.join("a/f").exists(), steps == 1);
        recover(&plan.root).unwrap();
        assert_eq!(tree(folder.path()).len(), 1);
    }
}

#[test]
fn what_somebody_has_written_since_stays() {
    let (folder, plan) = example();
    killed_after(2, &plan);
    // A file's time is as exact as the kernel's tick.
    std::thread::sleep(std::time::Duration::from_millis(50));
    for file in ["old.txt", "a/b/new.txt"] {
        fs::write(folder.path().join(file), "mine").unwrap();
    }
    let mine = tree(folder.path());
    recover(folder.path()).unwrap();
    let left = tree(folder.path());
    assert!(left.iter().all(|entry| mine.contains(entry)));
    for file in ["old.txt", "a/b/new.txt"] {
        assert_eq!(
            fs::read_to_string(folder.path().join(file)).unwrap(),
            "mine"
        );
    }
    assert_eq!(left.len(), 6, "the staging folder goes");
}

#[test]
fn a_run_that_is_alive_is_left_alone() {
    let (folder, plan) = example();
    let staging = stage(&plan, &interrupt::hold(), &Undo::default()).unwrap();
    staging.begin(&plan, &[]).unwrap();
    assert!(!staging::recover(folder.path()).unwrap());
    assert!(staging.new_contents(0).exists());
    drop(staging);
    assert_eq!(tree(folder.path()).len(), 3);
}

#[test]
fn a_staging_folder_without_a_journal_is_only_rubbish() {
    let (folder, plan) = example();
    let before = tree(folder.path());
    stage(&plan, &interrupt::hold(), &Undo::default())
        .unwrap()
        .abandon();
    assert_ne!(tree(folder.path()), before);
    assert!(!staging::recover(folder.path()).unwrap());
    assert_eq!(tree(folder.path()), before);
}

#[test]
fn a_file_has_the_mode_of_its_kind() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let mut plan = Plan::new(folder.path());
    plan.create_as(FileKind::Program, "run", "#!/bin/sh\n");
    plan.create_as(FileKind::Secret, "key", "secret");
    apply(&plan).unwrap();
    let mode = |name: &str| {
        fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_eq!(mode("run") & 0o111, 0o111);
    assert_eq!(mode("key") & 0o777, 0o600);
}
