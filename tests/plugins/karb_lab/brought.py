"""Clients with fixed addresses are brought to the lab: names lead to this machine, a throw-away authority vouches for it.

Nothing of a client is changed: names are resolved in this process, and certificates are looked up where it is told to.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import pytest
import trustme


class Authority:
    """Vouches for names that it has no right to; only who is pointed at `file` believes it."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        authority = trustme.CA()
        self.file = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.file))
        self.context = SSLContext(PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names).configure_cert(self.context)


@contextmanager
def brought(authority: Authority, ports: Mapping[str, int]) -> Iterator[None]:
    """While it lasts, each of these names is at its port of this machine, whatever port was asked for."""
    real = socket.getaddrinfo

    def resolved(host: Any, port: Any, *more: Any, **given: Any) -> Any:
        if host not in ports:
            return real(host, port, *more, **given)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", ports[host]))]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", resolved)
        patched.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
        patched.setenv("SSL_CERT_FILE", str(authority.file))
        yield
