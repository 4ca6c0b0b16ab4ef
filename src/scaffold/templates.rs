//! The embedded templates: what a project and an app look like before their holes are filled.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use include_dir::{Dir, DirEntry, include_dir};
use tera::{Delimiters, Tera};

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

/// Renders all of `templates/<tree>/` with `values`, sorted by path; `name` replaces folders
/// called `NAME`.
///
/// # Errors
///
/// If a template is wrong or names a value that is not given.
pub fn render(tree: &str, name: &str, values: &tera::Context) -> Result<Vec<Rendered>> {
    let folder = TEMPLATES
        .get_dir(tree)
        .with_context(|| format!("there are no templates `{tree}`"))?;
    let engine = engine()?;
    let mut files = Vec::new();
    collect(folder, &mut |file| {
        let source = file.path().strip_prefix(tree)?;
        let contents = if holes(source) {
            let text = file.contents_utf8().context("a template is not UTF-8")?;
            engine
                .render_str(text, values, false)
                .with_context(|| format!("could not render the template `{}`", source.display()))?
                .into_bytes()
        } else {
            file.contents().to_vec()
        };
        files.push(Rendered {
            path: destination(source, name),
            contents,
        });
        Ok(())
    })?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The text of one template as it is embedded.
///
/// # Errors
///
/// If there is no such template or it is not UTF-8.
pub fn text(path: &str) -> Result<&'static str> {
    TEMPLATES
        .get_file(path)
        .and_then(include_dir::File::contents_utf8)
        .with_context(|| format!("there is no template `{path}`"))
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

fn collect<'d>(
    folder: &'d Dir<'d>,
    each: &mut impl FnMut(&'d include_dir::File<'d>) -> Result<()>,
) -> Result<()> {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => collect(folder, each)?,
            DirEntry::File(file) => each(file)?,
        }
    }
    Ok(())
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
