"""What Upbit's and Bithumb's wires have in common: one grammar of requests, tokens, quotations and subscriptions."""
