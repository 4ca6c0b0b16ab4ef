-- Create model User; Create model Session; Create model Token

CREATE TABLE "auth_user" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "password" varchar(128) NOT NULL,
    "last_login" timestamp_with_timezone_text,
    "is_superuser" boolean NOT NULL DEFAULT FALSE,
    "username" varchar(150) NOT NULL,
    "first_name" varchar(150) NOT NULL DEFAULT '',
    "last_name" varchar(150) NOT NULL DEFAULT '',
    "email" varchar(254) NOT NULL DEFAULT '',
    "is_staff" boolean NOT NULL DEFAULT FALSE,
    "is_active" boolean NOT NULL DEFAULT TRUE,
    "date_joined" timestamp_with_timezone_text NOT NULL
);

CREATE UNIQUE INDEX "auth_user_username_key" ON "auth_user" ("username");

CREATE TABLE "auth_session" (
    "key_hash" varchar(64) NOT NULL PRIMARY KEY,
    "user_id" bigint NOT NULL,
    "password_hash" varchar(64) NOT NULL,
    "expires_at" timestamp_with_timezone_text NOT NULL,
    CONSTRAINT "auth_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user" ("id") ON DELETE CASCADE
);

CREATE INDEX "auth_session_expires_at_idx" ON "auth_session" ("expires_at");
CREATE INDEX "auth_session_user_id_idx" ON "auth_session" ("user_id");

CREATE TABLE "auth_token" (
    "key_hash" varchar(64) NOT NULL PRIMARY KEY,
    "user_id" bigint NOT NULL,
    "created_at" timestamp_with_timezone_text NOT NULL,
    CONSTRAINT "auth_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user" ("id") ON DELETE CASCADE
);

CREATE INDEX "auth_token_user_id_idx" ON "auth_token" ("user_id");
