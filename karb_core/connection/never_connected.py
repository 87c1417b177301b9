"""Errors of aiohttp's that prove that no byte of a request left."""

from __future__ import annotations

import aiohttp

NEVER_CONNECTED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)
