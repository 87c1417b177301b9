"""One-time codes as phones show them (TOTP, RFC 6238: six digits, thirty seconds)."""

from __future__ import annotations

import binascii

import pyotp

_STEP_S = 30  # karb: constant because apps that show codes assume it
_BEFORE = (0, -1, 1)  # the step that is shown, and one on each side: clocks differ


def matching(secret: str, code: str, now_s: int) -> int | None:
    """The step whose code it is; None for no code of now. Edge: a secret that is none has no codes."""
    step = now_s // _STEP_S
    try:
        shown = pyotp.TOTP(secret.replace(" ", "").upper())
        return next((step + by for by in _BEFORE if shown.verify(code, for_time=(step + by) * _STEP_S)), None)
    except (binascii.Error, ValueError):
        return None
