"""What this venue is called in files, ledgers and messages."""

VENUE = "bithumb"
