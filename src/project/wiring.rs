//! The connections that are missing between a project's files.

use std::fs;
use std::path::Path;

use super::Project;
use crate::ui;

impl Project {
    /// Says which apps only half belong to the project: their models are not installed, or their
    /// routes are nested nowhere. Both work, and do less than whoever wrote them thinks.
    pub fn loose_ends(&self) -> Vec<String> {
        let installed = self.apps.iter().map(|app| app.label.as_str());
        let installed: Vec<_> = installed.collect();
        let mut ends = Vec::new();
        for label in self.own_folders() {
            let folder = self.root.join("src").join(&label);
            let has_models = folder.join("models.rs").is_file() || folder.join("models").is_dir();
            let is_installed = installed.contains(&label.as_str());
            if has_models && !is_installed {
                ends.push(format!(
                    "`src/{label}` has models and is not installed, so they get no migrations: \
                     add `crate::{label}::app()` to installed_apps() in `{}`",
                    self.settings.path.display()
                ));
            }
            let has_routes = folder.join("urls.rs").is_file();
            if is_installed && has_routes && !names_module(&self.urls.text, &label) {
                ends.push(format!(
                    "the routes of the app `{label}` are not nested, so nobody reaches them: \
                     add `.nest(\"/{label}\", crate::{label}::urls::router())` in `{}`",
                    self.urls.path.display()
                ));
            }
        }
        ends
    }

    /// The folders of `src/` but that of the settings, in the order of their names.
    fn own_folders(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root.join("src")).into_iter().flatten();
        let folders = entries.flatten().filter(|entry| entry.path().is_dir());
        let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<_> = names.filter(|name| *name != self.module).collect();
        names.sort();
        names
    }
}

/// Warns of what is loose in the project in `root`, if it is one of ours.
pub fn warn_of_loose_ends(root: &Path) {
    if let Ok(project) = Project::find(root) {
        project.loose_ends().iter().for_each(ui::warning);
    }
}

/// Returns whether `text` goes through the module `label` anywhere, as in `crate::api::urls`.
fn names_module(text: &str, label: &str) -> bool {
    text.match_indices(&format!("{label}::")).any(|(at, _)| {
        !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_named_as_a_whole_word() {
        assert!(names_module("crate::api::urls::routes()", "api"));
        assert!(names_module("use {api::urls};", "api"));
        assert!(!names_module("crate::my_api::urls", "api"));
        assert!(!names_module("crate::api_two::urls", "api"));
    }
}
