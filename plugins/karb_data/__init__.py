"""Market data of one's own: collected, checked, shown, and made into a dataset that a backtest reads."""
