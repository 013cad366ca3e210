"""A mail server that fails on request, with just enough SMTP for that."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

TIMEOUT = 90  # seconds, the longest wait for any event


class MailServer:
    """Listens on its own port while open.

    `received` are (receiver, Message-ID) of whole e-mails. Modes: "takes"; "hangs" (silent until
    `release`); "busy" (451); "refuses" (550); "drops before its answer" and "drops after its
    answer" to the e-mail; "holds" (answers the e-mail after `release`).
    """

    def __init__(self) -> None:
        self.mode, self.received = "takes", list[tuple[str, str]]()
        self.connections = 0  # connections so far
        self.waiting = 0  # connections that wait for `release`
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
        """Stop listening."""
        if self._listener:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes the accepting thread
            self._listener.close()
            self._listener = None

    def set_mode(self, mode: str) -> None:
        self._released.clear()
        self.mode = mode

    def release(self) -> None:
        """Accept everything from now on, also the waiting e-mails."""
        self.mode = "takes"
        self._released.set()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection, _address = listener.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            lines = connection.makefile("rb")

            def say(text: str) -> None:
                connection.sendall(text.encode() + b"\r\n")

            if self.mode == "hangs":
                self._wait()
            say("220 mail server")
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
                    match = re.search(
                        r"^Message-ID:\s*(<\S+>)", whole, re.MULTILINE | re.IGNORECASE
                    )
                    self.received.append((receiver, match[1] if match else ""))
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
        self.waiting += 1
        self._released.wait(TIMEOUT)
        self.waiting -= 1


def until(happened: Callable[[], bool], what: str) -> None:
    """Wait until `happened` returns True; raise AssertionError after TIMEOUT."""
    end = time.monotonic() + TIMEOUT
    while not happened():
        if time.monotonic() > end:
            raise AssertionError(f"never: {what}")
        time.sleep(0.05)
