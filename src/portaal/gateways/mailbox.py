"""The mailbox of demo and development: each e-mail becomes one file that /postvak/ shows."""

import json
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NAME = re.compile(r"[0-9]{8}T[0-9]{12}Z-[0-9a-f]{8}")


# `from` is a word of Python's own, so the fields are written in this form.
Message = TypedDict(
    "Message",
    {
        "id": str,
        "kind": str,
        "to": str,
        "from": str,
        "subject": str,
        "text": str,
        "html": str,
        "sent_at": str,
    },
)


class MailboxBackend(BaseEmailBackend):
    """Django's way to send, into settings.MAILBOX_DIR."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            keep(
                kind="email",
                to=", ".join(message.recipients()),
                sender=str(message.from_email),
                subject=str(message.subject),
                text=str(message.body),
                html=_html_of(message),
            )
        return len(email_messages)


def keep(*, kind: str, to: str, sender: str, subject: str, text: str, html: str = "") -> str:
    """Puts one message in the mailbox, whole or not at all, and gives its id."""
    folder = Path(settings.MAILBOX_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = datetime.now(UTC)
    name = f"{now:%Y%m%dT%H%M%S%f}Z-{secrets.token_hex(4)}"
    message = {
        "id": name,
        "kind": kind,
        "to": to,
        "from": sender,
        "subject": subject,
        "text": text,
        "html": html,
        "sent_at": now.isoformat(),
    }
    _write(folder / f"{name}.json", json.dumps(message, ensure_ascii=False, indent=1).encode())
    return name


def messages() -> Iterable[Message]:
    """Every message, newest first."""
    for path in sorted(Path(settings.MAILBOX_DIR).glob("*.json"), reverse=True):
        if found := message(path.stem):
            yield found


def message(name: str) -> Message | None:
    """The message with this id, or None."""
    if not NAME.fullmatch(name):
        return None
    with suppress(FileNotFoundError):
        found: Message = json.loads((Path(settings.MAILBOX_DIR) / f"{name}.json").read_bytes())
        return found
    return None


def _html_of(message: EmailMessage) -> str:
    alternatives: list[Any] = getattr(message, "alternatives", [])
    return next((str(part.content) for part in alternatives if part.mimetype == "text/html"), "")


def _write(path: Path, content: bytes) -> None:
    """Under its name only when it is whole and on the disk; readable by us alone."""
    draft = path.with_suffix(".draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
