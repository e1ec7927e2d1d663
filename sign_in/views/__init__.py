"""HTTP only: what is valid stands in the forms, what happens in the use cases."""
