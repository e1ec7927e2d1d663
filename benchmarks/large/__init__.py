"""A database of the size to plan for: 50,000 accounts and a year of their activity."""
