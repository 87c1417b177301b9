"""The name of a secret; the value never travels with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecretName:
    """Prints as `secret:NAME`. Whoever needs the value asks a provider for it, after the digest is taken."""

    name: str

    def __str__(self) -> str:
        return f"secret:{self.name}"
