"""What Binance's spot and futures wires have in common: signatures, words, books, candles, lists, limits."""
