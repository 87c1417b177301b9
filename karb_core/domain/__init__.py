"""The words of karb: frozen values and exact formulas. Only Python's own library is needed here."""
