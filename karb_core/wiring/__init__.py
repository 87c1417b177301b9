"""Three ways to furnish the same desk. A mode is a list of parts, never an `if`."""
