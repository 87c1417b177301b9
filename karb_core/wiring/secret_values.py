"""What secrets are worth on this machine: asked for when an account or a channel is opened, and kept by nobody else.

First the keystore (`karb keys add`), then the variable `KARB_SECRET_NAME`. Where both have one and they differ, nobody
knows which is meant.
"""

from __future__ import annotations

import os
import re

from karb_core.errors import KeysUnusable, SecretUnset
from karb_core.rules.secret import SecretName
from karb_core.texts.text import Text
from karb_core.wiring.keystore import KeyStore


def secret_value(name: SecretName) -> str:
    """Errors: `SecretUnset`, and `KeysUnusable` where a keystore is there and cannot be read."""
    store, variable = KeyStore.here(), variable_of(name)
    kept = store.value(name.name) if store.exists else None
    told = os.environ.get(variable, "")
    args = {"secret": str(name), "variable": variable, "name": name.name}
    if kept and told and kept != told:
        raise KeysUnusable(Text("secret.twice", args), Text("secret.twice.help", args))
    if not kept and not told:
        raise SecretUnset(Text("secret.unset", args), Text("secret.unset.help", args))
    return kept or told


def variable_of(name: SecretName) -> str:
    """`secret:upbit-main` is KARB_SECRET_UPBIT_MAIN."""
    return f"KARB_SECRET_{re.sub('[^A-Za-z0-9]', '_', name.name).upper()}"
