-- Undo: Create model Task

-- Destroys data: all rows of "blog_task".
DROP TABLE "blog_task";
