//! The way of a request: the stations that it passes, in the order of `rest/dispatch.rs`, what each of them asks, and where
//! the project says so.

use std::fmt;

use axum::http::Method;

use super::sources::Sources;
use crate::rest::outline::Outline;
use crate::site::routes::Route;
use crate::{Routes, Settings};

/// A request's way, from the connection to the answer.
pub(crate) struct Way {
    /// For example `GET /api/tasks/1/`.
    pub request: String,
    pub stations: Vec<Station>,
}

/// A place where a request is looked at, and may be sent away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Station {
    pub name: &'static str,
    /// What is there, in the words of the project: a path, a type, a permission.
    pub what: Vec<String>,
    /// The file and the line that say so, of the project's own; `None` where restkit's rule holds.
    pub place: Option<String>,
    /// The answers that end the way here.
    pub exits: Vec<&'static str>,
}

/// Why there is no way.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoWay {
    /// No route has this path.
    NoRoute,
    /// The route does not answer this method, but these.
    NoMethod(String),
}

impl fmt::Display for NoWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoute => f.write_str("no route answers there: 404 Not Found"),
            Self::NoMethod(allow) => write!(f, "405 Method Not Allowed; it answers {allow}"),
        }
    }
}

impl Way {
    /// Finds the way of a request.
    ///
    /// # Errors
    ///
    /// If no route answers it.
    pub fn find(
        routes: &Routes,
        settings: &Settings,
        method: &Method,
        path: &str,
    ) -> Result<Self, NoWay> {
        let route = matching(routes, path).ok_or(NoWay::NoRoute)?;
        let read = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let request = format!("{method} {path}");
        let sources = Sources::read();
        let stations = match route.outline() {
            Some(outline) => {
                let action = outline.action(read);
                let action = action.ok_or_else(|| NoWay::NoMethod(outline.allow()))?;
                let seen = Seen {
                    route,
                    outline,
                    settings,
                    sources: &sources,
                };
                seen.stations(read, action)
            }
            None if route.methods.split(", ").any(|it| it == read.as_str()) => {
                of_handler(route, &sources)
            }
            None => return Err(NoWay::NoMethod(route.methods.clone())),
        };
        Ok(Self { request, stations })
    }
}

/// The route that answers at a path: one with its own words before one that takes any.
fn matching<'r>(routes: &'r Routes, path: &str) -> Option<&'r Route> {
    let path = path.split('?').next().unwrap_or(path);
    let parts: Vec<_> = path.trim_matches('/').split('/').collect();
    let fits = |route: &&Route| {
        let pattern: Vec<_> = route.path.trim_matches('/').split('/').collect();
        let takes_rest = pattern.last().is_some_and(|last| last.starts_with("{*"));
        let length = pattern.len() - usize::from(takes_rest);
        let is_long_enough = if takes_rest {
            parts.len() >= length
        } else {
            parts.len() == length
        };
        is_long_enough
            && pattern[..length].iter().zip(&parts).all(|(pattern, part)| {
                pattern == part || (pattern.starts_with('{') && !part.is_empty())
            })
    };
    let found = routes.list().into_iter().filter(fits);
    found.min_by_key(|route| route.path.matches('{').count())
}

fn server() -> Station {
    Station {
        name: "server",
        what: vec!["an id for the log; the host is one of ALLOWED_HOSTS".to_owned()],
        place: None,
        exits: vec!["400 Bad Request"],
    }
}

fn of_handler(route: &Route, sources: &Sources) -> Vec<Station> {
    let name = route.view.rsplit("::").next().unwrap_or(&route.view);
    vec![
        server(),
        Station {
            name: "route",
            what: vec![route.path.clone()],
            place: Some(route.place()),
            exits: vec!["404 Not Found", "405 Method Not Allowed"],
        },
        Station {
            name: "view",
            what: vec![route.view.clone()],
            place: sources.function_place(&route.view, name),
            exits: Vec::new(),
        },
        Station {
            name: "response",
            what: vec!["what the view returns".to_owned()],
            ..Station::default()
        },
    ]
}

/// What is known of a viewset at the path of a request.
struct Seen<'a> {
    route: &'a Route,
    outline: &'a Outline,
    settings: &'a Settings,
    sources: &'a Sources,
}

impl Seen<'_> {
    fn stations(&self, method: &Method, action: &'static str) -> Vec<Station> {
        let writes = *method != Method::GET;
        let mut stations = vec![
            server(),
            self.route(),
            self.authentication(writes),
            self.permission(),
            self.throttle(),
        ];
        if writes {
            stations.extend([self.body(), transaction()]);
        }
        if self.outline.has_row || action == "list" {
            stations.push(self.rows(method, action));
        }
        if matches!(action, "create" | "update" | "partial_update") {
            stations.push(self.validation());
        }
        stations.extend([self.action(action), self.sql(action), self.response(action)]);
        stations
    }

    fn own(&self, method: &str) -> Option<String> {
        self.sources
            .method_place(self.outline.profile.viewset, method)
    }

    fn route(&self) -> Station {
        Station {
            name: "route",
            what: vec![
                self.route.path.clone(),
                short(self.outline.profile.viewset).to_owned(),
            ],
            place: Some(self.route.place()),
            exits: vec!["404 Not Found", "405 Method Not Allowed"],
        }
    }

    fn authentication(&self, writes: bool) -> Station {
        let ways = (self.outline.profile.authentication)(self.settings);
        let names: Vec<_> = ways.iter().map(ToString::to_string).collect();
        let mut exits = vec!["401 Unauthorized"];
        if writes {
            exits.push("403 Forbidden: CSRF");
        }
        Station {
            name: "authentication",
            what: vec![names.join(", ")],
            place: self.own("authentication"),
            exits,
        }
    }

    fn permission(&self) -> Station {
        let guard = self.route.guard();
        let permission = guard.map(|guard| guard.permission.to_string());
        let is_open = guard.is_some_and(|guard| guard.permission.is_open());
        Station {
            name: "permission",
            what: permission.into_iter().collect(),
            place: self.own("permission"),
            exits: if is_open {
                Vec::new()
            } else {
                vec!["401 Unauthorized", "403 Forbidden"]
            },
        }
    }

    fn throttle(&self) -> Station {
        let guard = self.route.guard();
        let throttles = guard.map(|guard| (guard.throttle)(self.settings));
        let throttles = throttles.unwrap_or_default();
        let words = throttles.iter().map(|throttle| throttle.to_string());
        let mut what: Vec<_> = words.collect();
        let exits = if what.is_empty() {
            what.push("no limit".to_owned());
            Vec::new()
        } else {
            vec!["429 Too Many Requests"]
        };
        Station {
            name: "throttle",
            what,
            place: self.own("throttle"),
            exits,
        }
    }

    fn body(&self) -> Station {
        let parsers = (self.outline.profile.parsers)(self.settings);
        let types = parsers.iter().map(|parser| parser.media_type().to_owned());
        Station {
            name: "body",
            what: types.collect(),
            place: self.own("parsers"),
            exits: vec![
                "400 Bad Request",
                "413 Payload Too Large",
                "415 Unsupported Media Type",
            ],
        }
    }

    /// The rows that the request may see, and the one that it means.
    fn rows(&self, method: &Method, action: &str) -> Station {
        let table = self.outline.table;
        let mut station = Station {
            name: "rows",
            what: vec![format!("of {table}")],
            place: self.own("queryset"),
            exits: Vec::new(),
        };
        if self.outline.has_row {
            station.what = vec![format!("the one of {table} with this id")];
            station.exits.push("404 Not Found");
            if matches!(*method, Method::PUT | Method::PATCH | Method::DELETE) {
                station
                    .what
                    .push("If-Match: is it as the client saw it?".to_owned());
                station.exits.push("412 Precondition Failed");
                if self.settings.require_if_match {
                    station.exits.push("428 Precondition Required");
                }
            }
        } else if action == "list" {
            station.what.push("filters, order, pages".to_owned());
            station.place = station.place.or_else(|| self.own("filters"));
            station
                .exits
                .extend(["400 Bad Request", "404 Not Found: no such page"]);
        }
        station
    }

    fn validation(&self) -> Station {
        Station {
            name: "validation",
            what: vec![
                short(self.outline.profile.request).to_owned(),
                "its types and rules, and those of the model: all mistakes at once".to_owned(),
            ],
            place: self.sources.type_place(self.outline.profile.request),
            exits: vec!["400 Bad Request"],
        }
    }

    /// The logic: the project's own, or restkit's between the project's hooks.
    fn action(&self, action: &'static str) -> Station {
        let hooks: &[&str] = match action {
            "create" | "update" | "partial_update" => &["before_save", "after_save"],
            "destroy" => &["before_delete", "after_delete"],
            _ => &[],
        };
        let own = self.own(action);
        let hooks = hooks
            .iter()
            .filter_map(|hook| Some((*hook, self.own(hook)?)));
        let hooks: Vec<_> = hooks.collect();
        let written = own.or_else(|| {
            self.sources
                .function_place(self.outline.profile.viewset, action)
        });
        let mut what = vec![format!("{}::{action}", short(self.outline.profile.viewset))];
        let hooks_named = hooks
            .iter()
            .map(|(hook, place)| format!("{hook} ({place})"));
        what.extend(hooks_named);
        if written.is_none() && hooks.is_empty() {
            what.push("as restkit does it".to_owned());
        }
        Station {
            name: "action",
            what,
            place: written,
            exits: if matches!(action, "create" | "update" | "partial_update" | "destroy") {
                vec!["400 Bad Request: a rule of the database"]
            } else {
                Vec::new()
            },
        }
    }

    fn sql(&self, action: &str) -> Station {
        let table = self.outline.table;
        let what = match action {
            "list" => vec![
                format!("SELECT COUNT(*) FROM {table}, for pages by number"),
                format!("SELECT .. FROM {table} LIMIT .."),
            ],
            "retrieve" => vec![format!("SELECT .. FROM {table} WHERE the key is ..")],
            "create" => vec![format!("INSERT INTO {table}")],
            "update" | "partial_update" => vec![format!("UPDATE {table} WHERE the key is ..")],
            "destroy" => vec![format!("DELETE FROM {table} WHERE the key is ..")],
            _ => vec!["what the action asks for".to_owned()],
        };
        Station {
            name: "SQL",
            what,
            ..Station::default()
        }
    }

    fn response(&self, action: &str) -> Station {
        let what = match action {
            "create" => "201 Created, with Location and ETag",
            "destroy" => "204 No Content",
            "list" => "200 OK, a page of rows",
            "retrieve" | "update" | "partial_update" => "200 OK, with ETag",
            _ => "200 OK",
        };
        let shown = (action != "destroy").then(|| short(self.outline.profile.response).to_owned());
        let place = self.sources.type_place(self.outline.profile.response);
        Station {
            name: "response",
            what: [what.to_owned()].into_iter().chain(shown).collect(),
            place: place.filter(|_| action != "destroy"),
            exits: Vec::new(),
        }
    }
}

fn transaction() -> Station {
    Station {
        name: "transaction",
        what: vec!["all that follows is written together, or not at all".to_owned()],
        ..Station::default()
    }
}

fn short(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}
