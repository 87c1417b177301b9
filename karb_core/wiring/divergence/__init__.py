"""What a run on paper or live came to, against a backtest on what it recorded: each difference a row with its cause."""
