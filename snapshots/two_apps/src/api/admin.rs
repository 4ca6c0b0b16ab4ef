//! How staff see this app in the admin site: columns, filters, search.

use restkit::{AdminSite, ModelAdmin};

use super::models::task::{self, Column};

/// Registers this app's models.
pub fn register(site: &mut AdminSite) {
    site.register(
        ModelAdmin::new(task::Entity)
            .list_display([Column::Title, Column::Completed])
            .list_filter([Column::Completed])
            .search_fields([Column::Title]),
    );
}
