"""The keyring: a file of named 256-bit secrets, kept outside the database and its backups.

A line has a name and a base64 value: `django`, `journal`, `lookup`, and the master keys `mk-1`,
`mk-2` and so on. The highest master key wraps data keys; older ones still unwrap theirs until
`portaal keys rotate` has run. `journal` and its successors `journal-2`, `journal-3` and so on seal
the chain of the journal; the older ones verify the events that they have sealed.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
from functools import lru_cache
from pathlib import Path

KEY_BYTES = 32
NAMES = ("django", "journal", "lookup", "mk-1")
FIRST_JOURNAL_KEY = "journal"
KEY_NAME = re.compile(r"django|journal|lookup|mk-[1-9][0-9]{0,5}|journal-([2-9]|[1-9][0-9]{1,5})")


class Keyring:
    def __init__(self, keys: dict[str, bytes]) -> None:
        self._keys = keys

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """Read a keyring file.

        Raises OSError if it cannot be read, ValueError if a key is short, not random or missing, or
        if other users of the machine can read the file.
        """
        if path.stat().st_mode & 0o077:
            raise ValueError("others on this machine can read it (chmod 600)")
        keys: dict[str, bytes] = {}
        for line in path.read_text(encoding="ascii").splitlines():
            name, _, value = line.strip().partition(" ")
            if name:
                if not KEY_NAME.fullmatch(name):
                    raise ValueError(f"{name!r} is not the name of a key")
                keys[name] = base64.b64decode(value.strip(), validate=True)
        if missing := [name for name in NAMES[:-1] if name not in keys]:
            raise ValueError(f"{missing[0]} is missing")
        if not any(name.startswith("mk-") for name in keys):
            raise ValueError("a master key (mk-1 or a newer one) is missing")
        if short := [
            name for name, key in keys.items() if len(key) != KEY_BYTES or len(set(key)) < 8
        ]:
            raise ValueError(f"{short[0]} is not a random key of {KEY_BYTES} bytes")
        return cls(keys)

    @classmethod
    def make(cls, path: Path) -> Keyring:
        """Write a new keyring that only its owner can read.

        Raises FileExistsError if the file exists.
        """
        ring = cls({name: secrets.token_bytes(KEY_BYTES) for name in NAMES})
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        ring._write(descriptor)
        _sync_folder(path)
        return ring

    def add_master(self, path: Path) -> str:
        """Add a newer master key to the file, which wraps nothing yet. Return its name."""
        return self._add(path, f"mk-{_number(self.current_master()) + 1}")

    def add_journal_key(self, path: Path) -> str:
        """Add a newer key of the journal to the file. Return its name."""
        return self._add(path, f"{FIRST_JOURNAL_KEY}-{_number(self.journal_keys()[-1]) + 1}")

    def _add(self, path: Path, name: str) -> str:
        self._keys[name] = secrets.token_bytes(KEY_BYTES)
        temporary = path.with_suffix(".new")
        self._write(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        temporary.replace(path)
        # Durable before it is used: a power cut must not lose the only copy.
        _sync_folder(path)
        return name

    def secret(self, name: str) -> bytes:
        return self._keys[name]

    def masters(self) -> list[str]:
        """Return the names of the master keys, oldest first."""
        return self._named("mk")

    def current_master(self) -> str:
        return self.masters()[-1]

    def journal_keys(self) -> list[str]:
        """Return the names of the keys of the journal, oldest first."""
        return self._named(FIRST_JOURNAL_KEY)

    def _named(self, kind: str) -> list[str]:
        return sorted((name for name in self._keys if name.split("-")[0] == kind), key=_number)

    def _write(self, descriptor: int) -> None:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            for name, key in self._keys.items():
                file.write(f"{name} {base64.b64encode(key).decode()}\n")
            file.flush()
            os.fsync(file.fileno())


def _number(name: str) -> int:
    """Return the number of a key; the first key of the journal has none."""
    return int(name.partition("-")[2] or 1)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@lru_cache(maxsize=4)
def _loaded(path: Path, changed: int) -> Keyring:
    return Keyring.load(path)


def keyring() -> Keyring:
    """Return the keyring of this installation, read again if its file changed."""
    from django.conf import settings

    path: Path = settings.KEYS_FILE
    return _loaded(path, path.stat().st_mtime_ns)
