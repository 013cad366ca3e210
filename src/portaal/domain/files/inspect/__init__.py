"""Inspection of a file's content, in the worker.

It draws and runs nothing, and is bounded by the number of entries, unpacked bytes and pixels
(R54, R55, R60). A file that cannot be inspected is quarantined.
"""

from __future__ import annotations

from ..kinds import PDF, TEXT
from ..models import StoredFile
from . import ooxml, pdf, pictures, text
from .bounds import Quarantined, refuse_zip_end


def quarantine_reason(file: StoredFile) -> str:
    """Return the StoredFile.Reason to quarantine this file for, or '' if it is clean.

    Raises the errors of reading its bytes.
    """
    kind = file.kind
    try:
        with file.open() as source:
            if kind.is_zip:
                ooxml.inspect(source, kind)
                return ""
            refuse_zip_end(source, file.size)
            if kind not in (PDF, TEXT):
                pictures.inspect(source, kind, file.size)
        if kind in (PDF, TEXT):
            (pdf if kind == PDF else text).inspect(file.chunks())
    except Quarantined as error:
        return error.reason
    return ""
