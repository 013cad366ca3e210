"""The mailbox of demo and development: each e-mail is a file that /postvak/ shows."""

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

MESSAGE_ID = re.compile(r"[0-9]{8}T[0-9]{12}Z-[0-9a-f]{8}")


# `from` is a Python keyword, so this form is needed.
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
    """Django e-mail backend that delivers into settings.MAILBOX_DIR."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            deliver(
                kind="email",
                to=", ".join(message.recipients()),
                sender=str(message.from_email),
                subject=str(message.subject),
                text=str(message.body),
                html=_html_of(message),
            )
        return len(email_messages)


def deliver(*, kind: str, to: str, sender: str, subject: str, text: str, html: str = "") -> str:
    """Write one message to the mailbox, completely or not at all, and return its id."""
    folder = Path(settings.MAILBOX_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = datetime.now(UTC)
    message_id = f"{now:%Y%m%dT%H%M%S%f}Z-{secrets.token_hex(4)}"
    message = {
        "id": message_id,
        "kind": kind,
        "to": to,
        "from": sender,
        "subject": subject,
        "text": text,
        "html": html,
        "sent_at": now.isoformat(),
    }
    content = json.dumps(message, ensure_ascii=False, indent=1).encode()
    _write_file(folder / f"{message_id}.json", content)
    return message_id


def messages() -> Iterable[Message]:
    """Yield every message, newest first."""
    for path in sorted(Path(settings.MAILBOX_DIR).glob("*.json"), reverse=True):
        if stored := message(path.stem):
            yield stored


def message(message_id: str) -> Message | None:
    """Return the message with this id, or None."""
    if not MESSAGE_ID.fullmatch(message_id):
        return None
    path = Path(settings.MAILBOX_DIR) / f"{message_id}.json"
    with suppress(FileNotFoundError):
        stored: Message = json.loads(path.read_bytes())
        return stored
    return None


def _html_of(message: EmailMessage) -> str:
    alternatives: list[Any] = getattr(message, "alternatives", [])
    return next((str(part.content) for part in alternatives if part.mimetype == "text/html"), "")


def _write_file(path: Path, content: bytes) -> None:
    """Write a file atomically and durably, readable by its owner only."""
    temporary = path.with_suffix(".draft")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
