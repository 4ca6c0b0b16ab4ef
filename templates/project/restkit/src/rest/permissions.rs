//! Who may do what.

use axum::http::Method;

use crate::{Context, Error, Result};

/// Who may use a viewset, by DRF's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Everybody.
    AllowAny,
    /// Whoever is logged in.
    IsAuthenticated,
    /// Staff.
    IsAdminUser,
    /// Everybody may read, whoever is logged in may write.
    IsAuthenticatedOrReadOnly,
}

impl Permission {
    /// Refuses a request that is not permitted.
    ///
    /// # Errors
    ///
    /// 401 if nobody is logged in, 403 if the user may not.
    pub async fn check(&self, ctx: &Context) -> Result<()> {
        let reads = matches!(ctx.method, Method::GET | Method::HEAD | Method::OPTIONS);
        let permitted = match (*self, ctx.user()) {
            (Self::AllowAny, _) | (Self::IsAuthenticated, Some(_)) => true,
            (Self::IsAuthenticatedOrReadOnly, user) => reads || user.is_some(),
            (Self::IsAdminUser, Some(user)) => user.is_staff,
            (Self::IsAuthenticated | Self::IsAdminUser, None) => false,
        };
        match (permitted, ctx.user()) {
            (true, _) => Ok(()),
            (false, None) => Err(Error::NotAuthenticated),
            (false, Some(_)) => Err(Error::permission_denied()),
        }
    }

    /// Refuses a request that is not permitted for this row.
    ///
    /// # Errors
    ///
    /// As for [`check`](Self::check).
    pub async fn check_object(
        &self,
        _ctx: &Context,
        _row: &(dyn std::any::Any + Send + Sync),
    ) -> Result<()> {
        Ok(())
    }
}
