"""The log: what a line contains, what is masked, and how tasks carry the reference of their request."""
