//! Apps from one line: they compile without a lint, and pass their own tests on both databases.

use crate::cluster::Cluster;
use crate::project::Folder;

const APPS: [(&str, &str); 3] = [
    (
        "shop",
        "Product title:str:120 price:decimal:8,2 in_stock:bool=true genre:enum:novel,poetry=novel owner:fk:auth.User \
         editor:fk:auth.User? tags:m2m:Tag due:date? body:text sku:slug! contact:email? site:url? number:int=3 \
         big:bigint weight:float? at:time? created:datetime code:uuid! data:json? shelf:fk:Shelf \
         + Tag name:str:50! + Shelf label:str:20 color:enum:red,blue",
    ),
    (
        "blog",
        "Post title:str body:text= status:enum:draft,published=draft author:fk:auth.User fans:m2m:auth.User \
         readers:m2m:auth.User note:str:40=hello done:bool=false price:decimal",
    ),
    (
        "log",
        "LogEntry level:enum:low,middle_high parent:fk:LogEntry? message:text when:datetime#",
    ),
];

#[test]
fn apps_from_one_line_pass_their_own_tests() {
    let mut folder = Folder::new("todo");
    folder.backsmith(&["startproject", "core", "."]);
    for (app, line) in APPS {
        let words: Vec<_> = ["startapp", app, "--with-services"]
            .into_iter()
            .chain(line.split_whitespace())
            .collect();
        folder.backsmith(&words);
    }
    folder.backsmith(&["makemigrations"]);
    // Models that come later, to an app of one line and to the default one, with keys into other apps.
    folder.backsmith(&["startapp", "api"]);
    for line in [
        "shop Invoice number:int! product:fk:Product labels:m2m:log.LogEntry",
        "api Article name:str:50! after:fk:Article? product:fk:shop.Product group:fk:auth.Group? + Word word:slug",
    ] {
        let words: Vec<_> = ["startmodel"]
            .into_iter()
            .chain(line.split_whitespace())
            .collect();
        folder.backsmith(&words);
    }
    folder.backsmith(&["makemigrations"]);
    folder.cargo(&["fmt", "--all", "--check"]);
    folder.cargo(&["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]);
    let tested = folder.cargo(&["test", "--quiet", "--lib"]);
    assert!(tested.contains("test result: ok"), "{tested}");
    let checked = folder.backsmith(&["check"]);
    assert!(
        !checked.contains("WARNING") || checked.contains("migrations"),
        "{checked}"
    );
    if let Some(cluster) = Cluster::start() {
        folder.set("TEST_DATABASE_URL", cluster.create_database("lines"));
        let tested = folder.cargo(&["test", "--quiet", "--lib"]);
        assert!(tested.contains("test result: ok"), "{tested}");
    }
}

#[test]
fn the_commands_of_agents_md_run() {
    let folder = Folder::new("todo");
    folder.backsmith(&["startproject", "core", "."]);
    let page = folder.read("AGENTS.md");
    assert!(page.lines().count() <= 60);
    let commands = page
        .split("```sh\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let commands: Vec<_> = commands.expect("commands").lines().collect();
    assert_eq!(commands.len(), 10);
    for line in commands {
        let output = folder.shell(line).output().expect("a shell");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {said}");
    }
}
