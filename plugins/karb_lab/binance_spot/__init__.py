"""Binance's spot wires, as its own clients know them."""
