//! Every option of the admin site on one model or the other.

use restkit::{AdminSite, Context, ModelAdmin, Result};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::models::{Status, author, book, genre};

/// Registers this app's models.
pub fn register(site: &mut AdminSite) {
    use book::Column::{
        AuthorId, Code, Extra, InPrint, LentAt, Pages, Price, Published, Status as State, Summary,
        Title, Updated,
    };
    // Texts are still English; the pages are laid out from right to left.
    if std::env::var_os("LIBRARY_RTL").is_some() {
        site.language("ar");
    }
    site.register(
        ModelAdmin::new(author::Entity)
            .list_display([author::Column::Name, author::Column::Born])
            .search_fields([author::Column::Name])
            .inline(
                ModelAdmin::new(book::Entity)
                    .fieldset("", [Title, State, InPrint])
                    .choices::<Status>(State),
                AuthorId,
            ),
    );
    site.register(ModelAdmin::new(genre::Entity).list_display([genre::Column::Name]));
    site.register(
        ModelAdmin::new(book::Entity)
            .list_display([Title, AuthorId, State, Pages, Price, InPrint, Published])
            .list_filter([State, InPrint, Published, AuthorId])
            .search_fields([Title])
            .list_editable([InPrint])
            .date_hierarchy(Published)
            .fieldset("", [Title, AuthorId, State, Summary])
            .fieldset("For sale", [InPrint, Price, Pages, Published])
            .fieldset("For the shelves", [LentAt, Code, Extra, Updated])
            .readonly_fields([Updated])
            .choices::<Status>(State)
            .many_to_many::<genre::Entity>("Genres")
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
