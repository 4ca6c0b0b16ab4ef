//! Files of the project's own: from a folder, or out of the program itself.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use include_dir::Dir;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::http::etag;
use crate::http::path::{decode_percents, encode_segment};
use crate::{Error, Result, Routes, Site};

/// A file whose name has a hash in it never changes.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Any other may change with the next release.
const ASK_AGAIN: &str = "no-cache";

/// The page that a front end begins with.
const INDEX: &str = "index.html";

/// A folder of files that everybody may read: on the disk, or embedded in the program. Names that begin with a dot are
/// not served.
///
/// ```
/// use restkit::{Files, Routes};
///
/// let routes = Routes::new().files("/media", Files::folder("media"));
/// assert_eq!(routes.list()[0].path, "/media/{*path}");
/// ```
#[derive(Clone)]
pub struct Files(Source);

#[derive(Clone)]
enum Source {
    Folder(PathBuf),
    Embedded(&'static Dir<'static>, Arc<OnceLock<Tags>>),
}

/// The tags of embedded files by their paths.
type Tags = BTreeMap<String, String>;

impl Files {
    /// Files of a folder, below the one that the server is started in.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self(Source::Folder(path.into()))
    }

    /// Files that were embedded by [`embed!`](crate::embed).
    pub fn embedded(folder: &'static Dir<'static>) -> Self {
        Self(Source::Embedded(folder, Arc::default()))
    }

    /// Answers with a file, or 404.
    async fn answer(&self, path: &str, request: Request) -> Response {
        let is_hidden = |part: &str| part.starts_with('.') && part != ".well-known";
        if path.split(['/', '\\']).any(is_hidden) {
            return Error::not_found().into_response();
        }
        let answer = match &self.0 {
            Source::Folder(folder) => read(folder, path, request).await,
            Source::Embedded(folder, tags) => {
                let tags = tags.get_or_init(|| tags_of(folder));
                embedded(folder, tags, path, &request)
            }
        };
        let mut answer = answer.unwrap_or_else(IntoResponse::into_response);
        if answer.status().is_success() || answer.status() == StatusCode::NOT_MODIFIED {
            let manner = if has_hash(path) { FOREVER } else { ASK_AGAIN };
            let manner = HeaderValue::from_static(manner);
            answer.headers_mut().insert(CACHE_CONTROL, manner);
        }
        answer
    }
}

/// Reads from the disk: ranges, dates and files that are compressed already are tower-http's.
async fn read(folder: &std::path::Path, path: &str, request: Request) -> Result<Response> {
    let (mut parts, body) = request.into_parts();
    let encoded: Vec<_> = path.split('/').map(encode_segment).collect();
    let encoded = encoded.join("/");
    parts.uri = Uri::try_from(format!("/{encoded}")).map_err(|_| Error::not_found())?;
    let files = ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let answer = files.oneshot(Request::from_parts(parts, body)).await;
    let answer = match answer {
        Ok(answer) => answer.map(axum::body::Body::new),
        Err(never) => match never {},
    };
    match answer.status() {
        StatusCode::NOT_FOUND => Err(Error::not_found()),
        _ => Ok(answer),
    }
}

fn embedded(
    folder: &'static Dir<'static>,
    tags: &Tags,
    path: &str,
    request: &Request,
) -> Result<Response> {
    let file = folder.get_file(path).ok_or_else(Error::not_found)?;
    let tag = tags.get(path).map(String::as_str).unwrap_or_default();
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = match kind.type_() {
        mime_guess::mime::TEXT => format!("{kind}; charset=utf-8"),
        _ => kind.to_string(),
    };
    let headers = [(CONTENT_TYPE, kind), (ETAG, tag.to_owned())];
    if etag::is_known(request.headers(), tag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, file.contents()).into_response())
}

fn tags_of(folder: &'static Dir<'static>) -> Tags {
    let mut tags = Tags::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            tags.insert(path, etag::of(file.contents()));
        }
    }
    tags
}

/// Returns whether a name has a hash in it, as those of bundlers have: `index-BxYz1234.js`, `main.3f9ac02b.css`.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _)) = name.rsplit_once('.') else {
        return false;
    };
    let hash = stem.rsplit(['-', '.']).next().unwrap_or_default();
    let is_word = hash
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_mixed = hash
        .bytes()
        .any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    hash.len() >= 8 && hash.len() < stem.len() && is_word && is_mixed
}

impl Routes {
    /// Serves files below `prefix`.
    pub fn files(self, prefix: &str, files: Files) -> Self {
        let path = format!("{}/{{*path}}", prefix.trim_end_matches('/'));
        let answer = move |Path(path): Path<String>, request: Request| {
            let files = files.clone();
            async move { files.answer(&path, request).await }
        };
        self.route(&path, "GET", "Files", get(answer))
    }

    /// Serves a front end of one page, as a bundler has built it, at all paths that nothing else answers. A path that is
    /// not one of its files is one of its own pages, so it begins with `index.html`; below the first part of another
    /// route, such as `/api/`, nothing is a page.
    ///
    /// ```no_run
    /// use restkit::{Files, Routes};
    ///
    /// let routes = Routes::new().front_end(Files::folder("frontend/dist"));
    /// ```
    pub fn front_end(mut self, files: Files) -> Self {
        let taken = Arc::<OnceLock<Vec<String>>>::default();
        let answer = move |State(site): State<Site>, request: Request| {
            let (files, taken) = (files.clone(), Arc::clone(&taken));
            async move {
                let taken = taken.get_or_init(|| first_parts(&site));
                page(&files, taken, request).await
            }
        };
        let handler = || -> MethodRouter<Site> {
            get(answer.clone()).fallback(|| async { Error::not_found() })
        };
        let has_root = self.list().iter().any(|route| route.path == "/");
        if !has_root {
            self = self.route("/", "GET", "Front end", handler());
        }
        self.route("/{*path}", "GET", "Front end", handler())
    }
}

async fn page(files: &Files, taken: &[String], request: Request) -> Response {
    let path = decode_percents(request.uri().path());
    let path = path.trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    if taken.iter().any(|part| part == first) {
        return Error::not_found().into_response();
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    if name.is_empty() || !name.contains('.') {
        return files.answer(INDEX, request).await;
    }
    files.answer(path, request).await
}

/// The first parts of all routes but the front end's own.
fn first_parts(site: &Site) -> Vec<String> {
    let routes = site.routes().list();
    let parts = routes
        .iter()
        .filter_map(|route| route.path.trim_start_matches('/').split('/').next());
    parts
        .filter(|part| !part.is_empty() && !part.starts_with('{'))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_never_change() {
        for name in [
            "assets/index-BxYz1234.js",
            "main.3f9ac02b.css",
            "a/chunk-vendors.0a1B2c3d4e.js",
        ] {
            assert!(has_hash(name), "{name}");
        }
        for name in [
            "index.html",
            "logo.svg",
            "a-readable-name.txt",
            "x-abc.js",
            "12345678.js",
            "jquery.min.js",
            "front-end-framework.js",
        ] {
            assert!(!has_hash(name), "{name}");
        }
    }
}
