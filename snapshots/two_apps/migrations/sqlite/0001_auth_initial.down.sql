-- Undo: Create model User; Create model Session; Create model Token

-- Destroys data: all rows of "auth_token".
DROP TABLE "auth_token";

-- Destroys data: all rows of "auth_session".
DROP TABLE "auth_session";

-- Destroys data: all rows of "auth_user".
DROP TABLE "auth_user";
