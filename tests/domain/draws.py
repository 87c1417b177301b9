"""Numbers to try: decimals made from integers, so that no context has a hand in them."""

from decimal import Decimal

from hypothesis import strategies as st

from karb_core.domain.exact import EXACT


def scaled(units: int, places: int) -> Decimal:
    return Decimal(units).scaleb(-places, EXACT)


def decimals(low: int, high: int, places: int = 8) -> st.SearchStrategy[Decimal]:
    """Decimals between low and high (whole numbers) with up to so many places, trailing zeros included."""
    return st.integers(0, places).flatmap(
        lambda at: st.integers(low * 10**at, high * 10**at).map(lambda units: scaled(units, at))
    )


signed = decimals(-(10**9), 10**9)
sizes = decimals(0, 10**6)
prices = decimals(1, 10**9)
steps = st.builds(scaled, st.sampled_from([1, 2, 5, 10, 25, 1000]), st.integers(0, 8))
