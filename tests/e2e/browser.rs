//! Requests as a browser or an API client sends them.

use serde_json::Value;
use ureq::http::{HeaderMap, Method, Request};
use ureq::{Agent, Body};

/// A client that keeps cookies and does not follow redirects.
pub struct Browser {
    agent: Agent,
    base: String,
}

/// An answer; `status` 0 means that nobody answered.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub allow: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(port: u16) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(std::time::Duration::from_secs(30)))
            .build();
        Self {
            agent: config.into(),
            base: format!("http://127.0.0.1:{port}"),
        }
    }

    /// GET as a browser does it: HTML, please.
    pub fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "", "text/html", None)
    }

    /// GET as a program does it.
    pub fn json(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "", "*/*", None)
    }

    /// Sends a JSON body.
    pub fn call(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let method = method.parse().expect("a method");
        let kind = Some("application/json");
        self.send(method, path, &body.to_string(), "application/json", kind)
    }

    /// Any request, with a body of JSON if it has one.
    pub fn exchange(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if !body.is_empty() && !headers.iter().any(|(name, _)| name == "Content-Type") {
            request = request.header("content-type", "application/json");
        }
        self.run(request.body(body.to_owned()).expect("a request"))
    }

    /// Fills the form that posts these fields on the page at `path` and sends it, with its hidden
    /// fields.
    pub fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(path).body;
        let (_, main) = page.split_once("<main").expect("a main part");
        let first = format!("name=\"{}\"", fields[0].0);
        let mut forms = main.split("<form").skip(1);
        let form = forms.find(|form| form.contains("method=\"post\"") && form.contains(&first));
        let (form, _) = form
            .and_then(|form| form.split_once("</form>"))
            .expect("a whole form with these fields");
        let hidden = form.split("<input type=\"hidden\"").skip(1).map(|input| {
            let attribute = |name: &str| {
                let (_, rest) = input.split_once(&format!("{name}=\"")).unwrap_or_default();
                rest.split('"').next().unwrap_or_default().to_owned()
            };
            (attribute("name"), attribute("value"))
        });
        let typed = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let body: Vec<String> = hidden
            .chain(typed)
            .map(|(name, value)| format!("{name}={}", value.replace(' ', "+")))
            .collect();
        let kind = Some("application/x-www-form-urlencoded");
        self.send(Method::POST, path, &body.join("&"), "text/html", kind)
    }

    fn send(
        &mut self,
        method: Method,
        path: &str,
        body: &str,
        accept: &str,
        kind: Option<&str>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("accept", accept);
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        self.run(request.body(body.to_owned()).expect("a request"))
    }

    fn run(&self, request: Request<String>) -> Answer {
        let request = self.agent.configure_request(request);
        match self
            .agent
            .run(request.allow_non_standard_methods(true).build())
        {
            Ok(response) => read(response),
            Err(_) => Answer::default(),
        }
    }
}

impl Answer {
    /// A header; an empty text if there is none.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as JSON.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

fn read(mut response: ureq::http::Response<Body>) -> Answer {
    let header = |name: &str| {
        let value = response.headers().get(name);
        let value = value.and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    Answer {
        status: response.status().as_u16(),
        location: header("location"),
        allow: header("allow"),
        headers: response.headers().clone(),
        body: response.body_mut().read_to_string().unwrap_or_default(),
    }
}
