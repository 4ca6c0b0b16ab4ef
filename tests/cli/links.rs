//! Links between the documents: each leads to a file that exists, and to a heading of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents: Vec<PathBuf> = WalkDir::new(root.join("docs"))
        .into_iter()
        .map(|entry| entry.expect("a file").into_path())
        .filter(|path| path.extension().is_some_and(|it| it == "md"))
        .collect();
    documents.extend(["README.md", "ARCHITECTURE.md"].map(|name| root.join(name)));
    let mut broken = Vec::new();
    let mut seen = 0;
    for document in &documents {
        for link in links(&read(document)) {
            seen += 1;
            let (file, heading) = link.split_once('#').unwrap_or((&link, ""));
            let target = if file.is_empty() {
                document.clone()
            } else {
                document.parent().expect("a folder").join(file)
            };
            let leads = target.exists()
                && (heading.is_empty() || headings(&read(&target)).contains(heading));
            if !leads {
                let document = document.strip_prefix(root).expect("inside");
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(seen > 40, "{seen} links");
}

/// The book has every document.
#[test]
fn the_book_has_every_document() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let summary = read(&docs.join("SUMMARY.md"));
    for entry in WalkDir::new(&docs) {
        let path = entry.expect("a file").into_path();
        let name = path
            .strip_prefix(&docs)
            .expect("inside")
            .display()
            .to_string();
        if name.ends_with(".md") && name != "SUMMARY.md" {
            assert!(summary.contains(&format!("({name})")), "{name}");
        }
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The targets of links to files of this repository, outside of blocks of code.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        is_code ^= line.trim_start().starts_with("```");
        if is_code {
            continue;
        }
        for rest in line.split("](").skip(1) {
            let target = rest.split(')').next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                links.push(target.to_owned());
            }
        }
    }
    links
}

/// The names of headings, as code hosts and mdBook make them.
fn headings(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let words = line.trim_start_matches('#').trim().to_lowercase();
            let kept = words
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.collect::<String>().replace(' ', "-")
        })
        .collect()
}
