//! The files of restkit and of the program: none imports from another one in a circle, unless that is listed here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syn::{Ident, Item, UseTree};
use walkdir::WalkDir;

/// Honest recursion: the admin site holds models, whose links ask the site for other models; a connection begins
/// transactions, which have one; a viewset's default methods call functions that are generic over it.
const RESTKIT: [&[&str]; 3] = [
    &[
        "admin::links",
        "admin::model",
        "admin::options",
        "admin::site",
    ],
    &["db::connection", "db::transaction"],
    &[
        "rest::actions",
        "rest::constraints",
        "rest::declaration",
        "rest::lists",
        "rest::rows",
        "rest::viewset",
    ],
];

/// A type of the user's own is made of built-in ones, and one of those may wrap it.
const PROGRAM: [&[&str]; 1] = [&["schema::parse::builtin_types", "schema::parse::user_types"]];

/// Modules that are compiled for tests only.
const TESTS: [&str; 3] = ["testing", "tests", "properties"];

#[test]
fn no_files_of_restkit_import_from_each_other() {
    check("templates/project/restkit/src", &RESTKIT);
}

#[test]
fn no_files_of_the_program_import_from_each_other() {
    check("src", &PROGRAM);
}

#[track_caller]
fn check(sources: &str, known: &[&[&str]]) {
    let files = Files::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(sources));
    let found = files.circles();
    let known: BTreeSet<BTreeSet<String>> = known
        .iter()
        .map(|circle| circle.iter().map(|&it| it.to_owned()).collect())
        .collect();
    assert_eq!(found, known);
}

/// The files of a crate by the paths of their modules, and the paths that each imports.
struct Files(BTreeMap<String, File>);

#[derive(Default)]
struct File {
    imports: Vec<Vec<String>>,
    /// The names that it re-exports, and where they are from.
    reexports: BTreeMap<String, Vec<String>>,
}

impl Files {
    fn read(sources: &Path) -> Self {
        let mut files = BTreeMap::new();
        for entry in WalkDir::new(sources) {
            let path = entry.expect("a file").into_path();
            let inside = path
                .strip_prefix(sources)
                .expect("inside")
                .with_extension("");
            let module: Vec<_> = inside
                .iter()
                .map(|it| it.to_string_lossy().into_owned())
                .collect();
            let module: Vec<_> = module
                .into_iter()
                .filter(|it| it != "mod" && it != "lib")
                .collect();
            let is_test = module.iter().skip(1).any(|it| TESTS.contains(&it.as_str()));
            if path.extension().is_none_or(|it| it != "rs") || is_test {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a text");
            let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
            let file: &mut File = files.entry(module.join("::")).or_default();
            for item in &parsed.items {
                if let Item::Use(item) = item {
                    let is_public = !matches!(item.vis, syn::Visibility::Inherited);
                    file.add(&item.tree, None, &module, is_public);
                }
            }
        }
        Self(files)
    }

    /// The file that a path leads to, through re-exports.
    fn resolve(&self, path: &[String]) -> Option<&str> {
        for length in (0..=path.len()).rev() {
            let Some((module, file)) = self.0.get_key_value(&path[..length].join("::")) else {
                continue;
            };
            let next = path.get(length).and_then(|name| file.reexports.get(name));
            return match next {
                Some(target) if *target != path => self.resolve(target),
                _ => Some(module),
            };
        }
        None
    }

    /// The groups of files of which each leads to all others.
    fn circles(&self) -> BTreeSet<BTreeSet<String>> {
        let edges: BTreeMap<&str, BTreeSet<&str>> = self
            .0
            .iter()
            .map(|(module, file)| {
                let targets = file.imports.iter().filter_map(|path| self.resolve(path));
                // What a module says is there for the files in it.
                let targets = targets.filter(|target| !is_above(target, module));
                (module.as_str(), targets.collect())
            })
            .collect();
        let reached: BTreeMap<&str, BTreeSet<&str>> = edges
            .keys()
            .map(|module| (*module, reach(module, &edges)))
            .collect();
        let mut circles = BTreeSet::new();
        for (module, targets) in &reached {
            if !targets.contains(module) {
                continue;
            }
            let both = targets
                .iter()
                .filter(|other| reached[*other].contains(module));
            circles.insert(both.map(|it| (*it).to_owned()).collect());
        }
        circles
    }
}

impl File {
    /// Notes the names of a `use`; `path` is nothing at its beginning.
    fn add(&mut self, tree: &UseTree, path: Option<&[String]>, module: &[String], is_public: bool) {
        match tree {
            UseTree::Path(tree) => {
                let name = tree.ident.to_string();
                let next = match (name.as_str(), path) {
                    ("crate", _) => Vec::new(),
                    ("super", path) => {
                        let path = path.unwrap_or(module);
                        path[..path.len() - 1].to_vec()
                    }
                    ("self", _) => module.to_vec(),
                    // Without a beginning, it is a module of this file's own or another crate.
                    (_, path) => [path.unwrap_or(module), &[name]].concat(),
                };
                self.add(&tree.tree, Some(&next), module, is_public);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add(tree, path, module, is_public);
                }
            }
            UseTree::Name(name) => self.add_name(&name.ident, &name.ident, path, is_public),
            UseTree::Rename(name) => self.add_name(&name.ident, &name.rename, path, is_public),
            UseTree::Glob(_) => self.imports.extend(path.map(<[String]>::to_vec)),
        }
    }

    fn add_name(&mut self, name: &Ident, here: &Ident, path: Option<&[String]>, is_public: bool) {
        let mut path = path.unwrap_or_default().to_vec();
        if name != "self" {
            path.push(name.to_string());
        }
        if is_public {
            self.reexports.insert(here.to_string(), path);
        } else {
            self.imports.push(path);
        }
    }
}

fn is_above(target: &str, module: &str) -> bool {
    target.is_empty() || target == module || module.starts_with(&format!("{target}::"))
}

fn reach<'m>(from: &str, edges: &BTreeMap<&'m str, BTreeSet<&'m str>>) -> BTreeSet<&'m str> {
    let mut reached = BTreeSet::new();
    let mut ahead: Vec<&str> = edges[from].iter().copied().collect();
    while let Some(module) = ahead.pop() {
        if reached.insert(module) {
            ahead.extend(edges[module].iter().copied());
        }
    }
    reached
}
