ALTER TABLE api_task ALTER COLUMN title TYPE varchar(300);
