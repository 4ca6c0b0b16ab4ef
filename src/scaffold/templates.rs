//! The embedded templates: what a project and an app look like before their holes are filled.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use include_dir::{Dir, DirEntry, include_dir};
use tera::{Delimiters, Tera};
use walkdir::WalkDir;

use crate::error::{Exit, Failure};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The ending of files that have holes; all others are taken byte for byte.
const RENDERED: &str = ".tera";

/// How a dot at the start of a name is written here: `cargo package` may drop dotfiles.
const DOT: &str = "dot-";

/// The folder that takes the name of the project's or the app's module.
const NAME_FOLDER: &str = "NAME";

/// A file as it will be in the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Relative to the folder that the template tree is rendered into.
    pub path: PathBuf,
    pub contents: Vec<u8>,
}

/// What projects and apps are made of: as this program has it, or as an earlier release had it.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    /// By their paths below `templates/`.
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Templates {
    /// Those of this program.
    pub fn own() -> Self {
        let mut files = BTreeMap::new();
        collect(&TEMPLATES, &mut |file| {
            let path = file.path().to_string_lossy().replace('\\', "/");
            files.insert(path, Cow::Borrowed(file.contents()));
        });
        Self { files }
    }

    /// Those with these paths and texts.
    pub fn of(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let files = texts.into_iter();
        let files = files.map(|(path, text)| (path, Cow::Owned(text.into_bytes())));
        Self {
            files: files.collect(),
        }
    }

    /// Those of a folder on the disk, as the tree `<tree>/`.
    ///
    /// # Errors
    ///
    /// If there is no such folder, nothing is in it, or a file cannot be read.
    pub fn of_folder(tree: &str, folder: &Path) -> Result<Self> {
        let shown = folder.display();
        if !folder.is_dir() {
            return Err(
                Failure::new(format!("there is no folder `{shown}` with templates"))
                    .hint("name the folder; docs/templates.md says what is in it")
                    .exit(Exit::Usage)
                    .into(),
            );
        }
        let mut files = BTreeMap::new();
        let entries = WalkDir::new(folder).follow_links(true).into_iter();
        for entry in entries.filter_entry(|entry| entry.file_name() != ".git") {
            let entry = entry.with_context(|| format!("could not list `{shown}`"))?;
            if !entry.file_type().is_file() {
                continue;
            }
            let contents = fs::read(entry.path())
                .with_context(|| format!("could not read `{}`", entry.path().display()))?;
            let path = entry.path().strip_prefix(folder)?;
            let path = path.to_string_lossy().replace('\\', "/");
            files.insert(format!("{tree}/{path}"), Cow::Owned(contents));
        }
        if files.is_empty() {
            return Err(Failure::new(format!("there are no templates in `{shown}`"))
                .hint("docs/templates.md says what belongs there")
                .exit(Exit::Usage)
                .into());
        }
        Ok(Self { files })
    }

    /// These with the files of `others` in place of those that become the same file, and besides.
    pub fn overlaid(mut self, others: Self) -> Self {
        let place = |path: &str| destination(Path::new(path), NAME_FOLDER);
        let taken: Vec<_> = others.files.keys().map(|path| place(path)).collect();
        self.files.retain(|path, _| !taken.contains(&place(path)));
        self.files.extend(others.files);
        self
    }

    /// Renders all of `<tree>/` with `values`, sorted by path; `name` replaces folders called `NAME`.
    ///
    /// # Errors
    ///
    /// If a template is wrong or names a value that is not given.
    pub fn render(&self, tree: &str, name: &str, values: &tera::Context) -> Result<Vec<Rendered>> {
        let engine = engine()?;
        let prefix = format!("{tree}/");
        let mut files = Vec::new();
        for (path, contents) in self.files.range(prefix.clone()..) {
            let Some(source) = path.strip_prefix(&prefix) else {
                break;
            };
            let source = Path::new(source);
            let contents = if holes(source) {
                let text = std::str::from_utf8(contents)
                    .with_context(|| format!("the template `{}` is not UTF-8", source.display()))?;
                engine
                    .render_str(text, values, false)
                    .with_context(|| {
                        format!("could not render the template `{}`", source.display())
                    })?
                    .into_bytes()
            } else {
                contents.to_vec()
            };
            files.push(Rendered {
                path: destination(source, name),
                contents,
            });
        }
        if files.is_empty() {
            bail!("there are no templates `{tree}`");
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// The text of one template.
    ///
    /// # Errors
    ///
    /// If there is no such template or it is not UTF-8.
    pub fn text(&self, path: &str) -> Result<&str> {
        let contents = self.files.get(path);
        contents
            .and_then(|contents| std::str::from_utf8(contents).ok())
            .with_context(|| format!("there is no template `{path}`"))
    }
}

/// Renders all of this program's `<tree>/`: see [`Templates::render`].
///
/// # Errors
///
/// If a template is wrong or names a value that is not given.
pub fn render(tree: &str, name: &str, values: &tera::Context) -> Result<Vec<Rendered>> {
    Templates::own().render(tree, name, values)
}

/// Tera with delimiters that neither Rust, TOML, YAML nor HTML uses.
fn engine() -> Result<Tera> {
    let mut engine = Tera::default();
    engine.set_delimiters(Delimiters {
        variable_start: "{=".into(),
        variable_end: "=}".into(),
        ..Delimiters::default()
    })?;
    Ok(engine)
}

fn collect(
    folder: &'static Dir<'static>,
    each: &mut impl FnMut(&'static include_dir::File<'static>),
) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => collect(folder, each),
            DirEntry::File(file) => each(file),
        }
    }
}

fn holes(source: &Path) -> bool {
    source.to_string_lossy().ends_with(RENDERED)
}

/// `src/NAME/urls.rs.tera` becomes `src/core/urls.rs`, `dot-env.tera` becomes `.env`.
fn destination(source: &Path, name: &str) -> PathBuf {
    source
        .components()
        .map(Component::as_os_str)
        .map(|part| {
            let part = part.to_string_lossy();
            let part = part.strip_suffix(RENDERED).unwrap_or(&part);
            match part.strip_prefix(DOT) {
                Some(rest) => format!(".{rest}"),
                None if part == NAME_FOLDER => name.to_owned(),
                None => part.to_owned(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_translated() {
        let cases = [
            ("dot-cargo/config.toml", ".cargo/config.toml"),
            ("dot-env.tera", ".env"),
            ("src/NAME/urls.rs.tera", "src/core/urls.rs"),
            ("restkit/Cargo.toml.tera", "restkit/Cargo.toml"),
        ];
        for (source, expected) in cases {
            assert_eq!(destination(Path::new(source), "core"), Path::new(expected));
        }
    }

    #[test]
    fn a_hole_without_a_value_is_an_error() {
        let engine = engine().unwrap();
        let values = tera::Context::new();
        assert!(engine.render_str("{= nothing =}", &values, false).is_err());
    }

    #[test]
    fn braces_of_other_languages_pass_through() {
        let engine = engine().unwrap();
        let values = tera::Context::new();
        let text = "format!(\"{{}}\"); ${{ github.ref }} {{ jinja }}";
        assert_eq!(engine.render_str(text, &values, false).unwrap(), text);
    }
}
