"""A third factor for tests: a pigeon carries the word. It contains everything that a new factor needs."""
