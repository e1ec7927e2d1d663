"""A third factor that is nobody's: a pigeon carries the word. What a new factor needs."""
