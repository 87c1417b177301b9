"""What an owner may write: parameter classes, the four roles of a value, and values with units."""
