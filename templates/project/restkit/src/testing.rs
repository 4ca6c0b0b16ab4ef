//! A client for tests: the whole site in memory, with a fresh database for every client.

mod schema;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::Response as AxumResponse;
use chrono::Utc;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::Value;
use tower::ServiceExt;

use crate::auth::models::user;
use crate::auth::token;
use crate::db::migrations::{Manner, Migrations, Migrator};
use crate::db::{Connection, Database};
use crate::site::{csrf, session};
use crate::{Context, Project, Result, Settings, Site, server};
use schema::Schema;

/// The host name of the test site.
const HOST: &str = "testserver";

/// Sends requests to a site that exists only for this client and its clones.
///
/// ```
/// use restkit::Project;
/// use restkit::testing::TestClient;
/// use serde_json::json;
///
/// async fn a_task_is_created(project: Project) {
///     let mut client = TestClient::new(project).await;
///     let response = client.post("/api/tasks/", json!({ "title": "Write" })).await;
///     assert_eq!(response.status, 201);
/// }
/// ```
#[derive(Clone)]
pub struct TestClient {
    site: Site,
    cookies: Vec<(String, String)>,
    authorization: Option<HeaderValue>,
    /// Stands last, so that it goes last.
    _schema: Option<Arc<Schema>>,
}

/// The answer of the site.
///
/// ```
/// use restkit::testing::TestResponse;
///
/// fn check_created(response: &TestResponse) {
///     assert_eq!(response.status, 201);
///     assert!(response.headers.contains_key("location"));
/// }
/// ```
#[derive(Debug)]
pub struct TestResponse {
    /// The status of the answer.
    pub status: StatusCode,
    /// The headers of the answer.
    pub headers: HeaderMap,
    body: Vec<u8>,
}

impl TestClient {
    /// A client for `project` with an empty, migrated database in memory; or in a schema of its own
    /// in the database of PostgreSQL that `TEST_DATABASE_URL` names, which is dropped with the client.
    ///
    /// # Panics
    ///
    /// If the project cannot be set up: in a test that is a failure like any other.
    pub async fn new(project: Project) -> Self {
        Self::with_settings(project, |_| {}).await
    }

    /// A client for `project` with other settings than those of tests.
    ///
    /// # Panics
    ///
    /// As for [`new`](Self::new).
    pub async fn with_settings(project: Project, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = settings();
        let made = match Schema::make().await {
            Ok(schema) => {
                if let Some(schema) = &schema {
                    settings.database_url = schema.url();
                    settings.database_pool_size = 3;
                }
                change(&mut settings);
                let site = site(&project, settings).await;
                site.map(|site| (site, schema.map(Arc::new)))
            }
            Err(error) => Err(error.into()),
        };
        match made {
            Ok((site, schema)) => Self {
                site,
                cookies: Vec::new(),
                authorization: None,
                _schema: schema,
            },
            Err(error) => panic!("could not set up the test site: {error}"),
        }
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The site's database.
    pub fn db(&self) -> &Connection {
        self.site.db()
    }

    /// GET.
    pub async fn get(&mut self, path: &str) -> TestResponse {
        self.send(Method::GET, path, None).await
    }

    /// OPTIONS.
    pub async fn options(&mut self, path: &str) -> TestResponse {
        self.send(Method::OPTIONS, path, None).await
    }

    /// POST with a JSON body.
    pub async fn post(&mut self, path: &str, data: Value) -> TestResponse {
        self.send(Method::POST, path, Some(data)).await
    }

    /// PUT with a JSON body.
    pub async fn put(&mut self, path: &str, data: Value) -> TestResponse {
        self.send(Method::PUT, path, Some(data)).await
    }

    /// PATCH with a JSON body.
    pub async fn patch(&mut self, path: &str, data: Value) -> TestResponse {
        self.send(Method::PATCH, path, Some(data)).await
    }

    /// DELETE.
    pub async fn delete(&mut self, path: &str) -> TestResponse {
        self.send(Method::DELETE, path, None).await
    }

    /// POST with the fields of a form, as one of the site's own pages sends them.
    ///
    /// # Panics
    ///
    /// If the path is not a valid one.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        if let Some(token) = self.cookie("csrftoken") {
            form.append_pair(csrf::FIELD, token);
        }
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "text/html")
            .body(Body::from(form.finish()));
        match request {
            Ok(request) => self.request(request).await,
            Err(error) => panic!("`{path}` is not a valid path: {error}"),
        }
    }

    /// The value of a cookie that the site has set.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let mut cookies = self.cookies.iter();
        cookies
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sends this cookie from now on.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.retain(|(other, _)| other != name);
        self.cookies.push((name.to_owned(), value.to_owned()));
    }

    /// Any request; cookies are kept as a browser keeps them.
    ///
    /// # Panics
    ///
    /// If the request is not a valid one.
    pub async fn request(&mut self, mut request: Request<Body>) -> TestResponse {
        let headers = request.headers_mut();
        headers
            .entry(header::HOST)
            .or_insert(HeaderValue::from_static(HOST));
        if let Some(authorization) = &self.authorization {
            headers
                .entry(header::AUTHORIZATION)
                .or_insert(authorization.clone());
        }
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if let (false, Ok(cookies)) = (cookies.is_empty(), cookies.join("; ").parse()) {
            headers.insert(header::COOKIE, cookies);
        }
        let response = match server::router(&self.site).oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        self.keep_cookies(&response);
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        TestResponse {
            status: parts.status,
            headers: parts.headers,
            body: body.into(),
        }
    }

    /// Makes a user; `is_staff` ones may use the admin site. The password is not hashed: log in by
    /// [`force_login`](Self::force_login).
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn create_user(&self, username: &str, is_staff: bool) -> Result<user::Model> {
        let new = user::ActiveModel {
            username: Set(username.to_owned()),
            password: Set("!".to_owned()),
            is_active: Set(true),
            is_staff: Set(is_staff),
            date_joined: Set(Utc::now()),
            ..Default::default()
        };
        Ok(new.insert(self.db()).await?)
    }

    /// Logs `user` in without a password.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn force_login(&mut self, user: &user::Model) -> Result<()> {
        let mut response = AxumResponse::default();
        let ctx = Context::of_nobody(&self.site);
        session::log_in(&ctx, user, &mut response).await?;
        csrf::attach(&ctx, &csrf::token(&HeaderMap::new())?, &mut response);
        self.keep_cookies(&response);
        Ok(())
    }

    /// Sends `Authorization: Token ...` from now on, with a new token of `user`'s.
    ///
    /// # Errors
    ///
    /// If the database refuses.
    pub async fn force_authenticate(&mut self, user: &user::Model) -> Result<()> {
        let key = token::create(self.db(), user.id, "test", None).await?;
        self.credentials(&format!("Token {key}"));
        Ok(())
    }

    /// Sends this `Authorization` header from now on, `Token ...` or `Basic ...`; none if it is empty.
    ///
    /// # Panics
    ///
    /// If it cannot be a header.
    pub fn credentials(&mut self, authorization: &str) {
        self.authorization = match authorization {
            "" => None,
            text => match text.parse() {
                Ok(value) => Some(value),
                Err(error) => panic!("`{text}` is not a header: {error}"),
            },
        };
    }

    async fn send(&mut self, method: Method, path: &str, data: Option<Value>) -> TestResponse {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(token) = self.cookie("csrftoken") {
            request = request.header(csrf::HEADER, token);
        }
        let request = match data {
            Some(data) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(data.to_string())),
            None => request.body(Body::empty()),
        };
        match request {
            Ok(request) => self.request(request).await,
            Err(error) => panic!("`{path}` is not a valid path: {error}"),
        }
    }

    fn keep_cookies(&mut self, response: &AxumResponse) {
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie
                .to_str()
                .unwrap_or_default()
                .split(';')
                .next()
                .unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            self.cookies.retain(|(other, _)| other != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

impl TestResponse {
    /// The body as JSON, or null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// The settings of tests.
fn settings() -> Settings {
    Settings {
        secret_key: "a key only for tests".to_owned(),
        database_url: "sqlite::memory:".to_owned(),
        allowed_hosts: vec![HOST.to_owned()],
        ..Settings::default()
    }
}

async fn site(project: &Project, settings: Settings) -> Result<Site> {
    let database = Database::from_url(&settings.database_url)?;
    let migrations = Migrations::embedded(project.migrations, database.dialect())?;
    // A database in memory lives as long as one of its connections: this one, then the site's.
    let mut migrator = Migrator::connect(&database).await?;
    migrator
        .migrate(&migrations, |_, _| {}, Manner::default())
        .await?;
    let db = database.connect(&settings).await?;
    Site::new(project, settings, db)
}
