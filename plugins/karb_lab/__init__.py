"""Venues of one's own, on this machine: clients of the real ones cannot tell. It offers commands only."""
