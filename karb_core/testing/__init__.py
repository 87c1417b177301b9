"""What an author's tests inherit and judge by: a contract for each port, and a scene of values that fit each other.

A class of an author's that inherits a contract and names its component and its parameters is a test: pytest collects it,
and karb needs no pytest for that.
"""
