"""What the portal takes in."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .receipt import Received

PDF = "application/pdf"


def fault_of(received: Received, *, limit: int) -> str:
    """Why a file is refused, in a sentence; '' when it is taken. For now the office sends PDFs and nothing else.

    Beginning, end and extension must agree (5.2.2); the web process never parses a document.
    """
    if received.too_large:
        return too_large(received.name, limit=limit)
    if not received.size:
        return empty(received.name)
    if not received.name.lower().endswith(".pdf") or not received.head.startswith(b"%PDF-"):
        return _("“%(name)s” is not a PDF. Save it as a PDF and choose it again.") % {"name": received.name}
    if b"%%EOF" not in received.tail or b"startxref" not in received.tail:
        return _("“%(name)s” is damaged: its end is missing. Save it again and choose it once more.") % {"name": received.name}
    return ""


def too_large(name: str, *, limit: int) -> str:
    return _("“%(name)s” is larger than %(limit)s MB. Make it smaller, or split it into parts.") % {
        "name": name,
        "limit": limit // (1024 * 1024),
    }


def empty(name: str) -> str:
    return _("“%(name)s” is empty. Choose another file.") % {"name": name}
