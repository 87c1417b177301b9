"""Bithumb's wires, as its own clients know them."""
