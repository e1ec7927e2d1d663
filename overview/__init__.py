"""The first page of the admin: sentences, figures and their numbers, made of rows that a task counts each hour."""
