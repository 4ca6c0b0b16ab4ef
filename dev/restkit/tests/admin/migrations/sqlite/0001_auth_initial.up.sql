-- Create model Group; Create model GroupPermission; Create model User; Create model LogEntry; Create model LoginFailure; Create model Position; Create model Session; Create model Throttle; Create model Token; Create model UserGroup; Create model UserPermission

CREATE TABLE "auth_group" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" varchar(150) NOT NULL
);

CREATE UNIQUE INDEX "auth_group_name_key" ON "auth_group" ("name");

CREATE TABLE "auth_group_permission" (
    "group_id" bigint NOT NULL,
    "permission" varchar(150) NOT NULL,
    CONSTRAINT "auth_group_permission_pkey" PRIMARY KEY ("group_id", "permission"),
    CONSTRAINT "auth_group_permission_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "auth_group" ("id") ON DELETE CASCADE
);

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

CREATE TABLE "auth_log_entry" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "made_at" timestamp_with_timezone_text NOT NULL,
    "user_id" bigint,
    "model" varchar(150) NOT NULL,
    "object_key" varchar(150) NOT NULL,
    "object" text NOT NULL,
    "action" varchar(10) NOT NULL,
    "changes" json_text NOT NULL,
    CONSTRAINT "auth_log_entry_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user" ("id") ON DELETE SET NULL
);

CREATE INDEX "auth_log_entry_made_at_idx" ON "auth_log_entry" ("made_at");
CREATE INDEX "auth_log_entry_object_key_idx" ON "auth_log_entry" ("object_key");
CREATE INDEX "auth_log_entry_user_id_idx" ON "auth_log_entry" ("user_id");

CREATE TABLE "auth_login_failure" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "username_hash" varchar(64) NOT NULL,
    "address" varchar(45) NOT NULL,
    "failed_at" timestamp_with_timezone_text NOT NULL
);

CREATE INDEX "auth_login_failure_address_idx" ON "auth_login_failure" ("address");
CREATE INDEX "auth_login_failure_failed_at_idx" ON "auth_login_failure" ("failed_at");
CREATE INDEX "auth_login_failure_username_hash_idx" ON "auth_login_failure" ("username_hash");

CREATE TABLE "auth_position" (
    "client_hash" varchar(64) NOT NULL PRIMARY KEY,
    "position" bigint NOT NULL,
    "written_at" timestamp_with_timezone_text NOT NULL
);

CREATE INDEX "auth_position_written_at_idx" ON "auth_position" ("written_at");

CREATE TABLE "auth_session" (
    "key_hash" varchar(64) NOT NULL PRIMARY KEY,
    "user_id" bigint NOT NULL,
    "password_hash" varchar(64) NOT NULL,
    "expires_at" timestamp_with_timezone_text NOT NULL,
    CONSTRAINT "auth_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user" ("id") ON DELETE CASCADE
);

CREATE INDEX "auth_session_expires_at_idx" ON "auth_session" ("expires_at");
CREATE INDEX "auth_session_user_id_idx" ON "auth_session" ("user_id");

CREATE TABLE "auth_throttle" (
    "key_hash" varchar(64) NOT NULL PRIMARY KEY,
    "history" text NOT NULL,
    "expires_at" timestamp_with_timezone_text NOT NULL
);

CREATE INDEX "auth_throttle_expires_at_idx" ON "auth_throttle" ("expires_at");

CREATE TABLE "auth_token" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key_hash" varchar(64) NOT NULL,
    "name" varchar(150) NOT NULL DEFAULT '',
    "user_id" bigint NOT NULL,
    "created_at" timestamp_with_timezone_text NOT NULL,
    "expires_at" timestamp_with_timezone_text,
    CONSTRAINT "auth_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user" ("id") ON DELETE CASCADE
);

CREATE INDEX "auth_token_expires_at_idx" ON "auth_token" ("expires_at");
CREATE UNIQUE INDEX "auth_token_key_hash_key" ON "auth_token" ("key_hash");
CREATE INDEX "auth_token_user_id_idx" ON "auth_token" ("user_id");

CREATE TABLE "auth_user_group" (
    "user_id" bigint NOT NULL,
    "group_id" bigint NOT NULL,
    CONSTRAINT "auth_user_group_pkey" PRIMARY KEY ("user_id", "group_id"),
    CONSTRAINT "auth_user_group_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "auth_group" ("id") ON DELETE CASCADE,
    CONSTRAINT "auth_user_group_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user" ("id") ON DELETE CASCADE
);

CREATE INDEX "auth_user_group_group_id_idx" ON "auth_user_group" ("group_id");

CREATE TABLE "auth_user_permission" (
    "user_id" bigint NOT NULL,
    "permission" varchar(150) NOT NULL,
    CONSTRAINT "auth_user_permission_pkey" PRIMARY KEY ("user_id", "permission"),
    CONSTRAINT "auth_user_permission_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_user" ("id") ON DELETE CASCADE
);
