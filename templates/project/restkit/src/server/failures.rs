//! Errors of the server, told to whoever wants to know: a service that gathers them, a mail, a pager.

use axum::extract::MatchedPath;
use axum::http::{HeaderValue, Method, Uri};
use axum::response::Response;

use crate::error::Answered;
use crate::{App, Site};

/// A request that the server could not answer as it should: by 500 or 503.
///
/// It has nothing of what was sent: neither the body nor headers, which hold passwords.
#[derive(Debug)]
pub struct Failure<'a> {
    /// The status of the answer.
    pub status: u16,
    /// The method of the request.
    pub method: &'a Method,
    /// The path of the request, without its query.
    pub path: &'a str,
    /// The route that it matched, such as `/api/tasks/{id}/`.
    pub route: Option<&'a str>,
    /// The id of the request, which is in the log and in the answer.
    pub request_id: &'a str,
    /// Why, the outermost cause first.
    pub causes: &'a [String],
}

/// The function of an app that wants to know.
#[derive(Clone, Copy)]
pub(crate) struct Hook(fn(&Failure<'_>));

impl App {
    /// Calls `report` with each request that the server fails to answer: where a service that gathers errors is told of
    /// them. The client waits meanwhile, so what takes time belongs into a task of its own.
    ///
    /// ```
    /// use restkit::App;
    /// use restkit::server::Failure;
    ///
    /// fn report(failure: &Failure<'_>) {
    ///     let words = format!("{} {}: {}", failure.method, failure.path, failure.causes.join(": "));
    ///     tokio::spawn(async move { eprintln!("{words}") });
    /// }
    ///
    /// let app = App::new("api").on_failure(report);
    /// ```
    pub fn on_failure(self, report: fn(&Failure<'_>)) -> Self {
        self.with(Hook(report))
    }
}

/// The functions of all apps.
#[derive(Default)]
pub(crate) struct Hooks(Vec<Hook>);

impl Hooks {
    /// Those of these apps.
    pub fn of(apps: &[App]) -> Self {
        Self(apps.iter().filter_map(|app| app.part().copied()).collect())
    }
}

/// What was asked, kept while it is answered.
pub(super) struct Asked {
    pub method: Method,
    pub uri: Uri,
    pub route: Option<MatchedPath>,
}

impl Asked {
    /// Keeps what is told of a request.
    pub fn of(request: &axum::extract::Request) -> Self {
        Self {
            method: request.method().clone(),
            uri: request.uri().clone(),
            route: request.extensions().get().cloned(),
        }
    }

    /// Tells the apps of an answer that is an error of ours.
    pub fn report(&self, site: &Site, id: &HeaderValue, response: &Response) {
        if !response.status().is_server_error() {
            return;
        }
        let Hooks(hooks) = site.part();
        let answered = response.extensions().get::<Answered>();
        let failure = Failure {
            status: response.status().as_u16(),
            method: &self.method,
            path: self.uri.path(),
            route: self.route.as_ref().map(MatchedPath::as_str),
            request_id: id.to_str().unwrap_or_default(),
            causes: answered.map_or(&[], |answered| &answered.causes),
        };
        for Hook(report) in hooks {
            report(&failure);
        }
    }
}
