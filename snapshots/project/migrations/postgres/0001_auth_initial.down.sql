-- Undo: Create model Group; Create model GroupPermission; Create model User; Create model LogEntry; Create model LoginFailure; Create model Position; Create model Session; Create model Throttle; Create model Token; Create model UserGroup; Create model UserPermission

-- Destroys data: all rows of "auth_user_permission".
DROP TABLE "auth_user_permission";

-- Destroys data: all rows of "auth_user_group".
DROP TABLE "auth_user_group";

-- Destroys data: all rows of "auth_token".
DROP TABLE "auth_token";

-- Destroys data: all rows of "auth_throttle".
DROP TABLE "auth_throttle";

-- Destroys data: all rows of "auth_session".
DROP TABLE "auth_session";

-- Destroys data: all rows of "auth_position".
DROP TABLE "auth_position";

-- Destroys data: all rows of "auth_login_failure".
DROP TABLE "auth_login_failure";

-- Destroys data: all rows of "auth_log_entry".
DROP TABLE "auth_log_entry";

-- Destroys data: all rows of "auth_user".
DROP TABLE "auth_user";

-- Destroys data: all rows of "auth_group_permission".
DROP TABLE "auth_group_permission";

-- Destroys data: all rows of "auth_group".
DROP TABLE "auth_group";
