"""The least of an editor: yaml-language-server over stdio (JSON-RPC 2.0, the Language Server Protocol's framing)."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PATIENCE_S = 20.0


class LanguageServer:
    """One server; what it sends is read by a thread and waited for, never slept for."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            [str(program), "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        self._received: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._last = 0
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}
        self._folder = folder
        self._begin()

    def open(self, path: Path) -> list[dict[str, Any]]:
        """Opens the file; the diagnostics that the editor would show."""
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": path.read_text("utf-8")}
        self._send("textDocument/didOpen", {"textDocument": document})
        while uri not in self._diagnostics:
            self._take()
        return self._diagnostics[uri]

    def completions(self, path: Path, line: int, column: int) -> list[str]:
        found = self._asked("textDocument/completion", path, line, column)
        return [item["label"] for item in found["items"]]

    def hover(self, path: Path, line: int, column: int) -> str:
        found = self._asked("textDocument/hover", path, line, column)
        return str(found["contents"]["value"]) if found else ""

    def close(self) -> None:
        self._call("shutdown", None)
        self._send("exit", None)
        self._process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def _begin(self) -> None:
        asked = {"textDocument": {"completion": {}, "hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {}}}
        self._call("initialize", {"processId": None, "rootUri": self._folder.as_uri(), "capabilities": asked})
        self._send("initialized", {})
        # No catalogue from the network: the file's own first line is all there is.
        yaml = {"schemaStore": {"enable": False}, "validate": True, "hover": True, "completion": True}
        self._send("workspace/didChangeConfiguration", {"settings": {"yaml": yaml}})

    def _asked(self, method: str, path: Path, line: int, column: int) -> Any:
        place = {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}
        return self._call(method, place)

    def _call(self, method: str, params: Any) -> Any:
        self._last += 1
        self._write({"id": self._last, "method": method, "params": params})
        wanted = self._last
        while True:
            message = self._take()
            if message.get("id") == wanted and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _send(self, method: str, params: Any) -> None:
        self._write({"method": method, "params": params})

    def _write(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        self._process.stdin.flush()

    def _take(self) -> dict[str, Any]:
        """The next message; what the server asks of its editor is answered with nothing."""
        message = self._received.get(timeout=PATIENCE_S)
        if message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            items = message["params"].get("items", []) if isinstance(message.get("params"), dict) else []
            result = [None for _ in items] if message["method"] == "workspace/configuration" else None
            self._write({"id": message["id"], "result": result})
        return message

    def _read(self) -> None:
        assert self._process.stdout is not None
        for data in _messages(self._process.stdout):
            self._received.put(json.loads(data))


def _messages(stream: Any) -> Iterator[bytes]:
    while line := stream.readline():
        length = 0
        while line not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
            line = stream.readline()
        yield stream.read(length)
