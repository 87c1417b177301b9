"""The wires of Binance's USD-M futures, as their own clients know them."""
