"""The limits of the portal: one catalogue, one way to count, one page, one event and one metric."""
