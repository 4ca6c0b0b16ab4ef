//! How staff see this app in the admin site: columns, filters, search.

use restkit::{AdminSite, ModelAdmin};

use super::models::blog::{self, Column};

/// Registers this app's models.
pub fn register(site: &mut AdminSite) {
    site.register(
        ModelAdmin::new(blog::Entity)
            .list_display([Column::Title, Column::Active])
            .list_filter([Column::Active])
            .search_fields([Column::Title]),
    );
}
