//! How the admin site looks, as a project says it.

/// The path at which the project's `urls.rs` mounts the admin site, with the slash at its end; empty
/// without one.
pub(crate) struct AdminUrl(pub String);

/// How the site looks, where the project wants it otherwise.
#[derive(Default)]
pub(crate) struct Looks {
    pub title: Option<&'static str>,
    pub logo: Option<&'static [u8]>,
    pub style: &'static str,
    pub language: Option<&'static str>,
    pub templates: Vec<(&'static str, &'static str)>,
}
