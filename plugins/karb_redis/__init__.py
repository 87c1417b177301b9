"""A halt for several hosts, kept in Redis."""
