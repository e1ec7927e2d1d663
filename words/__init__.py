"""Tools for translators: the checks of `make words`, the comments in the catalogues, and the pages at /words/."""
