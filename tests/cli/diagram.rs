//! `backsmith diagram`: a picture of the models, kept true in a file.

use crate::folder::Folder;

#[test]
fn a_picture_is_drawn_into_a_file_and_held_to_the_models() {
    let folder = Folder::with_project();
    folder.ok(&["startapp", "api"]);
    let drawn = folder.ok(&["diagram", "models"]);
    assert!(
        drawn
            .stdout
            .starts_with("erDiagram\n    api_task {\n        bigint id PK\n"),
        "{drawn:?}"
    );
    assert!(!drawn.stdout.contains("auth_user"), "{drawn:?}");
    let accounts = folder.ok(&["diagram", "models", "--app", "auth"]);
    assert!(
        accounts
            .stdout
            .contains("auth_session }o--|| auth_user : \"user_id\""),
        "{accounts:?}"
    );

    let readme = folder.read("README.md");
    folder.refuses(
        1,
        &["diagram", "models", "--check", "README.md"],
        &["has no picture", "--write README.md"],
    );
    folder.ok(&["diagram", "models", "--write", "README.md"]);
    assert!(folder.read("README.md").starts_with(readme.trim_end()));
    folder.ok(&["diagram", "models", "--check", "README.md"]);

    let models = folder.read("src/api/models.rs");
    let due = "pub completed: bool,\n        pub due: Option<Date>,\n";
    folder.write(
        "src/api/models.rs",
        &models.replace("pub completed: bool,\n", due),
    );
    folder.refuses(
        1,
        &["diagram", "models", "--check", "README.md"],
        &["is not what the models say"],
    );
    folder.write(
        "README.md",
        &folder.read("README.md").replace("# ", "# About "),
    );
    folder.ok(&["diagram", "models", "--write", "README.md"]);
    folder.ok(&["diagram", "models", "--check", "README.md"]);
    let text = folder.read("README.md");
    assert!(
        text.contains("# About ") && text.contains("date due \"null\""),
        "{text}"
    );
    assert_eq!(text.matches("erDiagram").count(), 1);

    let svg = folder.ok(&["diagram", "models", "--format", "svg"]);
    assert!(svg.stdout.starts_with("<svg "), "{svg:?}");
    assert!(svg.stdout.contains(">api_task<"), "{svg:?}");

    folder.refuses(
        2,
        &["diagram", "models", "--app", "shop"],
        &["no app `shop`", "auth, api"],
    );
    folder.refuses(
        1,
        &["diagram", "models", "--write", "NOTES.md"],
        &["NOTES.md"],
    );
}
