"""One strategy at its desk: view, decide, gates, legs, books. Legs, amounts and assets only; pairs are names here."""
