"""Columns: bars, known values, the premium and rolling statistics; importing this package loads no library."""
