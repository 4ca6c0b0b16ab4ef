//! The project under test: a library, with a column of every type and every option of its admin.

use include_dir::{Dir, include_dir};
use restkit::{AdminSite, App, Context, ModelAdmin, Project, Result, Routes, Settings};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

pub use crate::models::{Status, author, book, book_genre, genre};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/admin/migrations");

pub fn project() -> Project {
    Project {
        name: "test",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("library").admin(register)],
        routes,
        migrations: &MIGRATIONS,
    }
}

fn register(site: &mut AdminSite) {
    use book::Column::{
        AuthorId, Id, InPrint, Price, Published, ReadAt, Status as State, Summary, Title, Updated,
    };
    site.register(
        ModelAdmin::new(author::Entity)
            .search_fields([author::Column::Name])
            .inline(
                ModelAdmin::new(book::Entity).fieldset("", [Title, Summary]),
                AuthorId,
            ),
    );
    site.register(ModelAdmin::new(genre::Entity));
    site.register(
        ModelAdmin::new(book::Entity)
            .list_display([
                Id, Title, AuthorId, State, InPrint, Published, Price, ReadAt,
            ])
            .list_column("Length", |book| match book.pages {
                Some(pages) if pages > 300 => "long".to_owned(),
                Some(_) => "short".to_owned(),
                None => String::new(),
            })
            .list_filter([State, InPrint, Published, AuthorId])
            .search_fields([Title, Summary, Id])
            .list_editable([InPrint, Price, ReadAt])
            .list_per_page(10)
            .date_hierarchy(Published)
            .readonly_fields([Updated])
            .choices::<Status>(State)
            .many_to_many::<genre::Entity>("Genres")
            .save_as()
            .view_on_site(|book| format!("/books/{}/", book.id))
            .action("Publish", publish),
    );
}

async fn publish(ctx: Context, books: Vec<book::Model>) -> Result<String> {
    book::Entity::update_many()
        .col_expr(book::Column::Status, Expr::value("published"))
        .filter(book::Column::Id.is_in(books.iter().map(|book| book.id)))
        .exec(ctx.db())
        .await?;
    Ok(format!("{} books were published.", books.len()))
}

async fn fail(ctx: Context) -> Result<String> {
    let key = &ctx.settings().secret_key;
    let cause = anyhow::anyhow!("the disk is full").context(format!("could not write <{key}>"));
    Err(cause.into())
}

async fn panic() -> String {
    panic!("out of cheese")
}

fn routes() -> Routes {
    Routes::new()
        .get("/", restkit::pages::welcome)
        .get("/fail/", fail)
        .get("/panic/", panic)
        .nest("/admin", restkit::admin::routes())
}
