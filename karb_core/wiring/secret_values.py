"""What secrets are worth on this machine: read from the environment when an account is opened, and kept nowhere."""

from __future__ import annotations

import os
import re

from karb_core.errors import SecretUnset
from karb_core.rules.secret import SecretName
from karb_core.texts.text import Text


def of_environment(name: SecretName) -> str:
    """`secret:upbit-main` is KARB_SECRET_UPBIT_MAIN. Errors: `SecretUnset`."""
    variable = f"KARB_SECRET_{re.sub('[^A-Za-z0-9]', '_', name.name).upper()}"
    value = os.environ.get(variable, "")
    if not value:
        args = {"secret": str(name), "variable": variable}
        raise SecretUnset(Text("secret.unset", args), Text("secret.unset.help", args))
    return value
