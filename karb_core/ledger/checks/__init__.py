"""What must hold of a whole ledger, each thing proved from its rows; `check` asks for all of it."""
