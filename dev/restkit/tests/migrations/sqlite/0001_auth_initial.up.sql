CREATE TABLE "auth_user" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "password" varchar(128) NOT NULL,
    "last_login" timestamp_with_timezone_text NULL,
    "is_superuser" boolean NOT NULL DEFAULT FALSE,
    "username" varchar(150) NOT NULL UNIQUE,
    "first_name" varchar(150) NOT NULL DEFAULT '',
    "last_name" varchar(150) NOT NULL DEFAULT '',
    "email" varchar(254) NOT NULL DEFAULT '',
    "is_staff" boolean NOT NULL DEFAULT FALSE,
    "is_active" boolean NOT NULL DEFAULT TRUE,
    "date_joined" timestamp_with_timezone_text NOT NULL
);
CREATE TABLE "auth_session" (
    "key_hash" varchar(64) NOT NULL PRIMARY KEY,
    "user_id" bigint NOT NULL REFERENCES "auth_user" ("id") ON DELETE CASCADE,
    "password_hash" varchar(64) NOT NULL,
    "expires_at" timestamp_with_timezone_text NOT NULL
);
CREATE TABLE "auth_token" (
    "key_hash" varchar(64) NOT NULL PRIMARY KEY,
    "user_id" bigint NOT NULL REFERENCES "auth_user" ("id") ON DELETE CASCADE,
    "created_at" timestamp_with_timezone_text NOT NULL
);
