"""How older ledgers are carried on, one file of `versions` for each step; read by Alembic, and only then."""
