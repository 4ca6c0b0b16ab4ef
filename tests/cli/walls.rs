//! The rooms of restkit and of the program: each imports only from those below it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use walkdir::WalkDir;

/// The rooms, each above those that it may import from. `lib` and `prelude` only say what a project may name.
const RESTKIT: &[&str] = &[
    "start",
    "manage",
    "testing",
    "admin",
    "server",
    "diagram",
    "rest",
    "query",
    "throttling",
    "openapi",
    "pages",
    "site",
    "auth",
    "serializer",
    "http",
    "fixtures",
    "model",
    "app",
    "secrets",
    "rules",
    "db",
    "queue",
    "settings",
    "error",
    "unbroken",
    "trace",
    "parts",
    "program",
    "causes",
    "drawing",
];

/// The same for the program. `schema` is pure: only its tests talk to a database.
const PROGRAM: &[&str] = &[
    "main",
    "cli",
    "commands",
    "migrations",
    "questions",
    "lint",
    "introspect",
    "schema",
    "serve",
    "tutorial",
    "upgrade",
    "scaffold",
    "project",
    "apply",
    "rust",
    "nearest",
    "name",
    "env",
    "prompt",
    "interrupt",
    "ui",
    "plan",
    "error",
    "shared",
];

/// Folders that are compiled for tests only.
const TESTS: [&str; 3] = ["testing", "tests", "properties"];

#[test]
fn no_room_of_restkit_imports_from_one_above_it() {
    check(
        "templates/project/restkit/src",
        RESTKIT,
        &["lib", "prelude"],
    );
}

#[test]
fn no_room_of_the_program_imports_from_one_above_it() {
    check("src", PROGRAM, &["lib"]);
}

#[track_caller]
fn check(sources: &str, rooms: &[&str], without: &[&str]) {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
    let level = |room: &str| {
        let level = rooms.iter().position(|it| *it == room);
        level.unwrap_or_else(|| {
            panic!("`{room}` is not a room: add it, above those that it imports from")
        })
    };
    let reexported = reexported(&read(&sources.join("lib.rs")));
    let mut upwards = Vec::new();
    for entry in WalkDir::new(&sources) {
        let path = entry.expect("a file").into_path();
        let inside = path.strip_prefix(&sources).expect("inside");
        let module: Vec<_> = inside
            .with_extension("")
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .filter(|part| part != "mod")
            .collect();
        let is_source = path.extension().is_some_and(|it| it == "rs");
        let is_test = module.iter().skip(1).any(|it| TESTS.contains(&it.as_str()));
        if !is_source || is_test || without.contains(&module[0].as_str()) {
            continue;
        }
        let own = level(&module[0]);
        for name in names_below_the_crate(read(&path), module.len()) {
            let room = reexported.get(&name).unwrap_or(&name);
            if *room != module[0] && level(room) < own {
                upwards.push(format!("{} imports from {room}", inside.display()));
            }
        }
    }
    assert!(upwards.is_empty(), "{upwards:#?}");
}

fn read(path: &Path) -> TokenStream {
    let text = fs::read_to_string(path).expect("a text");
    text.parse()
        .unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

/// The rooms of the names that `lib.rs` has at the top of the crate.
fn reexported(lib: &TokenStream) -> BTreeMap<String, String> {
    let tokens: Vec<_> = lib.clone().into_iter().collect();
    let mut rooms = BTreeMap::new();
    for at in 0..tokens.len() {
        let is_crate = is_ident(&tokens[at], "crate") && at > 0 && is_ident(&tokens[at - 1], "use");
        let Some(TokenTree::Ident(room)) = tokens.get(at + 3).filter(|_| is_crate) else {
            continue;
        };
        let end = tokens[at..].iter().position(|it| it.to_string() == ";");
        let path = &tokens[at..at + end.unwrap_or_default()];
        for name in last_names(path.last()) {
            rooms.insert(name, room.to_string());
        }
    }
    rooms
}

/// The name, or the names in braces, that a path ends in.
fn last_names(last: Option<&TokenTree>) -> Vec<String> {
    match last {
        Some(TokenTree::Group(group)) => group
            .stream()
            .into_iter()
            .filter_map(|token| match token {
                TokenTree::Ident(name) => Some(name.to_string()),
                _ => None,
            })
            .collect(),
        Some(token) => vec![token.to_string()],
        None => Vec::new(),
    }
}

/// The first names of all paths that begin at the top of the crate, in a file so deep in its modules; tests
/// are left out.
fn names_below_the_crate(tokens: TokenStream, depth: usize) -> Vec<String> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut names = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_tests = is_ident(&tokens[at], "mod")
            && tokens.get(at + 1).is_some_and(|it| is_ident(it, "tests"));
        if is_tests {
            at += 3;
            continue;
        }
        let mut supers = 0;
        while tokens
            .get(at + 3 * supers)
            .is_some_and(|it| is_ident(it, "super"))
        {
            supers += 1;
        }
        let is_crate = is_ident(&tokens[at], "crate") || supers >= depth;
        let begin = at + 3 * supers.max(1);
        if is_crate && tokens.get(at + 1).is_some_and(|it| it.to_string() == ":") {
            names.extend(first_names(tokens.get(begin)));
        }
        if let TokenTree::Group(group) = &tokens[at] {
            names.extend(names_below_the_crate(group.stream(), depth));
        }
        at += 1 + supers.saturating_sub(1) * 3;
    }
    names
}

/// The name that a path goes on with, or the first ones of those in braces.
fn first_names(next: Option<&TokenTree>) -> Vec<String> {
    match next {
        Some(TokenTree::Ident(name)) => vec![name.to_string()],
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let tokens: Vec<_> = group.stream().into_iter().collect();
            let parts = tokens.split(|token| token.to_string() == ",");
            let first = parts.filter_map(|part| part.first());
            first.map(ToString::to_string).collect()
        }
        _ => Vec::new(),
    }
}

fn is_ident(token: &TokenTree, name: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == name)
}
