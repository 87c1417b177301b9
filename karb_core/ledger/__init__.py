"""The ledger: append-only tables of what was decided, ordered, answered, traded and settled, and folds of them."""
