"""What only a look at the whole file can find; one subject a file."""
