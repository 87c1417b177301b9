"""Bithumb's API 1.x: what older clients still call."""
