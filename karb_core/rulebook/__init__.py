"""From a strategy file to typed parameters, each value with the line it came from."""
