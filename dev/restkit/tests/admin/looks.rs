//! What a project changes about the site's looks: name, logo, colours, direction, templates.

use restkit::testing::TestClient;
use restkit::{AdminSite, App, ModelAdmin, Project};

use crate::project::{genre, project};
use crate::superuser;

const LOGO: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>";

fn register(site: &mut AdminSite) {
    site.title("The <Library>");
    site.logo(LOGO);
    site.style(":root { --accent: #06c; }");
    site.language("he");
    let index = "{% extends \"base.html\" %}{% block content %}<h1>Shelves of {{ user }}</h1>{% endblock %}";
    site.template("admin/index.html", index);
    site.register(ModelAdmin::new(genre::Entity));
}

async fn client() -> TestClient {
    let apps = || vec![restkit::auth::app(), App::new("library").admin(register)];
    let mut client = TestClient::new(Project {
        installed_apps: apps,
        ..project()
    })
    .await;
    let user = superuser(&client, "ada").await;
    client.force_login(&user).await.unwrap();
    client
}

#[tokio::test]
async fn a_project_has_its_own_name_logo_colours_and_direction() {
    let mut client = client().await;
    let list = client.get("/admin/library/genre/").await.text();
    for part in [
        "<html lang=\"he\" dir=\"rtl\">",
        "The &lt;Library&gt;</title>",
        "src=\"/static/restkit/logo.svg\"",
        "href=\"/static/restkit/site.css\"",
    ] {
        assert!(list.contains(part), "{part}\n{list}");
    }
    let style = client.get("/static/restkit/site.css").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(style.text(), ":root { --accent: #06c; }");
    let logo = client.get("/static/restkit/logo.svg").await;
    assert_eq!(logo.header("content-type"), "image/svg+xml");
    assert_eq!(logo.text().as_bytes(), LOGO);
}

#[tokio::test]
async fn a_template_of_the_project_stands_in_for_ours() {
    let mut client = client().await;
    let index = client.get("/admin/").await.text();
    assert!(index.contains("<h1>Shelves of ada</h1>"), "{index}");
    assert!(index.contains("Skip to content"), "it extends our base");
}

#[tokio::test]
async fn without_a_word_there_is_no_logo_and_no_other_style() {
    let mut client = crate::admin().await;
    let index = client.get("/admin/").await.text();
    assert!(index.contains("<html lang=\"en\">") && !index.contains("site.css"));
    assert_eq!(client.get("/static/restkit/logo.svg").await.status, 404);
}
