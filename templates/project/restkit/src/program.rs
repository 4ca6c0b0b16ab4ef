//! How the project's program is called, for messages that say what to type.

/// The environment variable by which `backsmith X` says that it runs this program.
const CALLED_AS: &str = "BACKSMITH_CALLED_AS";

/// Returns a command line that runs `words`: `backsmith migrate`, or `site migrate` where the program
/// itself was started.
pub(crate) fn command(words: &str) -> String {
    let called = std::env::var(CALLED_AS).ok();
    let program = called.filter(|name| !name.is_empty()).or_else(|| {
        let program = std::env::args_os().next()?;
        let name = std::path::Path::new(&program).file_stem()?;
        Some(name.to_string_lossy().into_owned())
    });
    match program {
        Some(program) => format!("{program} {words}"),
        None => words.to_owned(),
    }
}
