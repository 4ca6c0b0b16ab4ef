//! Viewsets that differ in who may use them, and how often.

use include_dir::{Dir, include_dir};
use restkit::{
    AdminSite, App, Authentication, Context, DefaultRouter, Error, ModelViewSet, Permission,
    Project, Result, Routes, Settings, Throttle,
};

use crate::project::{TaskRequest, TaskResponse, task};

static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/migrations");

/// A viewset of tasks with this permission, and more of its functions.
macro_rules! viewset {
    ($name:ident, $permission:expr $(, $more:item)*) => {
        struct $name;

        impl ModelViewSet for $name {
            type Entity = task::Entity;
            type Request = TaskRequest;
            type Response = TaskResponse;

            fn permission() -> Permission {
                $permission
            }

            $($more)*
        }
    };
}

/// A task belongs to whom its title names.
fn is_owner(ctx: &Context, task: &task::Model) -> bool {
    ctx.user().is_some_and(|user| user.username == task.title)
}

fn owner() -> Permission {
    Permission::object(is_owner)
}

viewset!(Authenticated, Permission::IsAuthenticated);
viewset!(Staff, Permission::IsAdminUser);
viewset!(Model, Permission::model_permissions::<task::Entity>());
viewset!(
    ModelOrAnonymous,
    Permission::model_permissions_or_anon_read_only::<task::Entity>()
);
viewset!(Owner, owner().message("It is somebody else's."));
viewset!(OwnerOrStaff, Permission::IsAdminUser | owner());
viewset!(
    MembersOwn,
    Permission::IsAuthenticated.message("Members only.") & owner()
);
viewset!(
    OthersRead,
    Permission::IsAuthenticatedOrReadOnly
        & Permission::object(|ctx: &Context, task: &task::Model| {
            ctx.method.is_safe() || is_owner(ctx, task)
        })
);
viewset!(NotOwner, !owner() & !Permission::IsAdminUser);
viewset!(
    Ada,
    Permission::custom(|ctx: &Context| ctx.user().is_some_and(|user| user.username == "ada"))
        .message("You are not Ada.")
);
viewset!(
    Archivist,
    Permission::custom_async(|ctx| async move { ctx.has_perm("api.archive_task").await })
);
viewset!(
    WrongRow,
    Permission::object(|_: &Context, _: &restkit::auth::models::user::Model| true)
);

viewset!(
    SessionAlone,
    Permission::IsAuthenticated,
    fn authentication(_: &Settings) -> Vec<Authentication> {
        vec![Authentication::Session]
    }
);
viewset!(
    BasicFirst,
    Permission::IsAuthenticated,
    fn authentication(_: &Settings) -> Vec<Authentication> {
        vec![Authentication::Basic, Authentication::Token]
    }
);

viewset!(
    AnonThrottled,
    Permission::AllowAny,
    fn throttle(_: &Settings) -> Vec<Throttle> {
        vec![Throttle::anon("2/day")]
    }
);
viewset!(
    UserThrottled,
    Permission::AllowAny,
    fn throttle(_: &Settings) -> Vec<Throttle> {
        vec![Throttle::user("100/second"), Throttle::user("2/hour")]
    }
);
viewset!(
    Uploads,
    Permission::IsAuthenticated,
    fn throttle(_: &Settings) -> Vec<Throttle> {
        vec![Throttle::scoped("uploads", "1/min")]
    }
);
viewset!(
    IllWritten,
    Permission::AllowAny,
    fn throttle(_: &Settings) -> Vec<Throttle> {
        vec![Throttle::anon("100/fortnight")]
    }
);

pub fn project() -> Project {
    Project {
        name: "test",
        settings: || Settings::from_env(),
        installed_apps: || vec![restkit::auth::app(), App::new("api").admin(register)],
        routes,
        migrations: &MIGRATIONS,
    }
}

/// A project that cannot start.
pub fn ill_written() -> Project {
    Project {
        routes: || DefaultRouter::new().register::<IllWritten>("ill").into(),
        ..project()
    }
}

fn register(site: &mut AdminSite) {
    site.register(restkit::ModelAdmin::new(task::Entity));
}

/// A handler that is not a viewset.
async fn whoami(ctx: Context) -> Result<String> {
    let ctx = ctx.authenticate().await?;
    let user = ctx.user().ok_or_else(|| ctx.not_authenticated())?;
    Ok::<_, Error>(user.username.clone())
}

fn routes() -> Routes {
    let api = DefaultRouter::new()
        .register::<Authenticated>("authenticated")
        .register::<Staff>("staff")
        .register::<Model>("model")
        .register::<ModelOrAnonymous>("model-or-anonymous")
        .register::<Owner>("owner")
        .register::<OwnerOrStaff>("owner-or-staff")
        .register::<MembersOwn>("members-own")
        .register::<OthersRead>("others-read")
        .register::<NotOwner>("not-owner")
        .register::<Ada>("ada")
        .register::<Archivist>("archivist")
        .register::<WrongRow>("wrong-row")
        .register::<SessionAlone>("session-alone")
        .register::<BasicFirst>("basic-first")
        .register::<AnonThrottled>("anon-throttled")
        .register::<UserThrottled>("user-throttled")
        .register::<Uploads>("uploads");
    Routes::new()
        .get("/whoami/", whoami)
        .post("/whoami/", whoami)
        .post("/token/", restkit::rest::obtain_auth_token)
        .nest("/admin", restkit::admin::routes())
        .nest("/api", restkit::openapi::routes())
        .nest("/api", api)
}
