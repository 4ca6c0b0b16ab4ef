//! Where the project's own code is: lines of its sources, found by the names of types.

use std::fs;
use std::path::Path;

/// The Rust files below `src`, where they are at hand: on the machine where a site is made.
pub(super) struct Sources(Vec<Source>);

struct Source {
    /// For example `src/api/views.rs`.
    path: String,
    text: String,
}

impl Sources {
    /// Reads the files of the project in the current folder; none where there are none.
    pub fn read() -> Self {
        let mut sources = Vec::new();
        collect(Path::new("src"), &mut sources);
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        Self(sources)
    }

    /// The place of a type, by its whole path: `todo::api::serializers::TaskRequest`.
    pub fn type_place(&self, path: &str) -> Option<String> {
        let name = path.rsplit("::").next()?;
        let source = self.of(path)?;
        let number = source.line(0, |line| {
            ["struct", "enum"]
                .iter()
                .any(|word| declares(line, word, name))
        })?;
        Some(source.place(number))
    }

    /// The place of a function of a type's `impl`, such as `permission` of a viewset; `None` if it has none of its own.
    pub fn method_place(&self, path: &str, method: &str) -> Option<String> {
        let name = path.rsplit("::").next()?;
        let source = self.of(path)?;
        let lines: Vec<_> = source.text.lines().collect();
        let heads = lines.iter().enumerate();
        let heads =
            heads.filter(|(_, line)| line.trim_start().starts_with("impl") && has_word(line, name));
        for (start, head) in heads {
            let indent = head.len() - head.trim_start().len();
            let closing = format!("{}}}", " ".repeat(indent));
            let end = lines[start..].iter().position(|line| *line == closing);
            let end = end.map_or(lines.len(), |length| start + length);
            let found = lines[start..end]
                .iter()
                .position(|line| declares(line, "fn", method));
            if let Some(at) = found {
                return Some(source.place(start + at));
            }
        }
        None
    }

    /// The place of a function that stands in the file of a type, or by its own path: `todo::core::views::home`.
    pub fn function_place(&self, path: &str, name: &str) -> Option<String> {
        let source = self.of(path)?;
        let number = source.line(0, |line| declares(line, "fn", name))?;
        Some(source.place(number))
    }

    /// The file of a path's module: `src/api/views.rs`, or the nearest one above it.
    fn of(&self, path: &str) -> Option<&Source> {
        let mut modules: Vec<_> = path.split("::").skip(1).collect();
        modules.pop();
        while !modules.is_empty() {
            let stem = format!("src/{}", modules.join("/"));
            let names = [format!("{stem}.rs"), format!("{stem}/mod.rs")];
            let found = self.0.iter().find(|source| names.contains(&source.path));
            if found.is_some() {
                return found;
            }
            modules.pop();
        }
        None
    }
}

impl Source {
    /// The number of the first line after `from` that is so.
    fn line(&self, from: usize, is: impl Fn(&str) -> bool) -> Option<usize> {
        let mut lines = self.text.lines().enumerate().skip(from);
        lines.find(|(_, line)| is(line)).map(|(number, _)| number)
    }

    fn place(&self, number: usize) -> String {
        format!("{}:{}", self.path, number + 1)
    }
}

fn collect(folder: &Path, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, sources);
        } else if path.extension().is_some_and(|it| it == "rs")
            && let Ok(text) = fs::read_to_string(&path)
        {
            let path = path.display().to_string().replace('\\', "/");
            sources.push(Source { path, text });
        }
    }
}

/// Returns whether a line declares this: `pub struct Task {` is `struct` and `Task`.
fn declares(line: &str, word: &str, name: &str) -> bool {
    let is_comment = line.trim_start().starts_with("//");
    let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    let is_declared = words.any(|it| it == word) && words.next() == Some(name);
    is_declared && !is_comment
}

fn has_word(line: &str, word: &str) -> bool {
    let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.any(|it| it == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_functions_are_found_by_their_names() {
        let text = "// struct Task\npub struct TaskViewSet;\n\nimpl ModelViewSet for TaskViewSet {\n    fn permission() -> P {\n        P::A\n    }\n}\n\nimpl ModelViewSet for Other {\n    fn filters() -> F {\n    }\n}\n\nasync fn postpone(ctx: &Context) {}\n";
        let sources = Sources(vec![Source {
            path: "src/api/views.rs".to_owned(),
            text: text.to_owned(),
        }]);
        let viewset = "todo::api::views::TaskViewSet";
        let place = |line: usize| Some(format!("src/api/views.rs:{line}"));
        assert_eq!(sources.type_place(viewset), place(2));
        assert_eq!(sources.type_place("todo::api::views::Task"), None);
        assert_eq!(sources.type_place("todo::web::TaskViewSet"), None);
        assert_eq!(sources.method_place(viewset, "permission"), place(5));
        assert_eq!(sources.method_place(viewset, "filters"), None);
        assert_eq!(sources.function_place(viewset, "postpone"), place(15));
    }
}
