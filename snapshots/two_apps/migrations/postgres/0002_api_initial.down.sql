-- Undo: Create model Task

-- Destroys data: all rows of "api_task".
DROP TABLE "api_task";
