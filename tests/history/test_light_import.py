import subprocess
import sys

import pytest

_LOADED = "import sys, {module}; print([name for name in ('numpy', 'polars') if name in sys.modules])"


@pytest.mark.parametrize(
    ("module", "loaded"),
    [
        ("karb_core.history", "[]"),
        ("karb_core.history.premium", "[]"),
        ("karb_core.history.rolling", "['numpy']"),
        ("karb_core.history.read", "['numpy']"),
    ],
)
def test_a_library_is_loaded_only_where_it_is_used(module, loaded):
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(module=module)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == loaded
