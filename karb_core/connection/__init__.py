"""What every venue adapter shares: how a line to a venue is kept, with the clock handed in."""
