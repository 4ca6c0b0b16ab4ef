ALTER TABLE api_task ADD COLUMN done boolean;
