"""A mail server that can be told to fail: refuses, hangs, drops, holds. It speaks just enough SMTP for that."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

PATIENCE = 90  # seconds that anything here waits for something to happen


class Postman:
    """Listens on a port of its own while it is open. `taken` are (receiver, Message-ID) of every message that came in whole.

    Modes: 'takes'; 'hangs' (says nothing until `release`); 'busy' (451); 'refuses' (550); 'drops before its answer' and 'drops
    after its answer' to the message; 'holds' (the answer to the message waits for `release`).
    """

    def __init__(self) -> None:
        self.mode, self.taken = "takes", list[tuple[str, str]]()
        self.visits = 0  # connections so far
        self.held = 0  # connections that wait for `release`
        self._released = threading.Event()
        self._listener: socket.socket | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.open()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """From now on nobody listens."""
        if self._listener:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes the one that accepts
            self._listener.close()
            self._listener = None

    def become(self, mode: str) -> None:
        self._released.clear()
        self.mode = mode

    def release(self) -> None:
        """From now on it takes everything, also what it held."""
        self.mode = "takes"
        self._released.set()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _address = listener.accept()
                self.visits += 1
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            lines = connection.makefile("rb")

            def say(text: str) -> None:
                connection.sendall(text.encode() + b"\r\n")

            if self.mode == "hangs":
                self._wait()
            say("220 postman")
            receiver = ""
            while line := lines.readline().decode("utf-8", "replace").strip():
                order = line.upper()
                if order.startswith("RCPT") and self.mode in ("busy", "refuses"):
                    say(
                        "451 4.3.0 Try again later"
                        if self.mode == "busy"
                        else "550 5.1.1 No such mailbox"
                    )
                elif order == "DATA":
                    say("354 Go on")
                    whole = b"".join(iter(lines.readline, b".\r\n")).decode("utf-8", "replace")
                    mode = self.mode
                    if mode == "holds":
                        self._wait()
                    found = re.search(
                        r"^Message-ID:\s*(<\S+>)", whole, re.MULTILINE | re.IGNORECASE
                    )
                    self.taken.append((receiver, found[1] if found else ""))
                    if mode == "drops before its answer":
                        return
                    say("250 Taken")
                    if mode == "drops after its answer":
                        return
                elif order == "QUIT":
                    say("221 Bye")
                    return
                else:
                    if order.startswith("RCPT"):
                        receiver = line.partition("<")[2].partition(">")[0]
                    say("250 Yes")

    def _wait(self) -> None:
        self.held += 1
        self._released.wait(PATIENCE)
        self.held -= 1


def until(happened: Callable[[], bool], what: str) -> None:
    """Waits until it has happened; raises when it does not."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"never: {what}")
        time.sleep(0.05)
