"""HTTP only. The forms validate the input, and the use cases do the work."""
