-- Undo: Create model Blog

-- Destroys data: all rows of "blog_blog".
DROP TABLE "blog_blog";
