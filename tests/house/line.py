"""The line to a database, which a test cuts and mends."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress


class Line:
    """Carries bytes to and from a server. Cut, everything on it breaks and nobody gets through."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._clients: list[socket.socket] = []
        self._is_cut = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def cut(self) -> None:
        self._is_cut = True
        for each in self._clients:
            _end(each)

    def mend(self) -> None:
        self._is_cut = False

    def close(self) -> None:
        self.cut()
        _end(self._listener)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._is_cut:
                    client.close()
                    continue
                self._clients.append(client)
                carries = threading.Thread(target=self._carry, args=(client,), daemon=True)
                self._threads.append(carries)
                carries.start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._to) as server, suppress(OSError):
            others = {client: server, server: client}
            while True:
                for ready in select.select(list(others), [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    others[ready].sendall(data)


def _end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
