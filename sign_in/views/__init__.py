"""HTTP only. Forms validate input, and use cases do the work."""
