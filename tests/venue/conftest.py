"""Every test of this room runs in a decimal context that rounds all it touches to three digits.

What a venue books may not depend on it; what a test expects is written out or worked out in fractions.
"""

from collections.abc import Iterator
from decimal import Context, getcontext, setcontext

import pytest


@pytest.fixture(scope="module", autouse=True)
def hostile_context() -> Iterator[None]:
    before = getcontext()
    setcontext(Context(prec=3, traps=[]))
    yield
    setcontext(before)
