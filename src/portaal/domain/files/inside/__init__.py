"""Looking inside a file, which the web process does not do. Nothing is drawn or run, and no more is unpacked than a bound.

So many entries, so many bytes, so many points (security.md B5 54, 55, 60). What cannot be looked at is held.
"""

from __future__ import annotations

from ..kinds import PDF, TEXT
from ..models import StoredFile
from . import office, pdf, pictures, text
from .bounds import Held, refuse_second_thing


def reason_of(file: StoredFile) -> str:
    """A StoredFile.Reason why this file is held; '' when nothing speaks against it. Raises what reading its bytes raises."""
    kind = file.kind
    try:
        with file.open() as source:
            if kind.is_zip:
                office.look(source, kind)
                return ""
            refuse_second_thing(source, file.size)
            if kind not in (PDF, TEXT):
                pictures.look(source, kind, file.size)
        if kind in (PDF, TEXT):
            (pdf if kind == PDF else text).look(file.chunks())
    except Held as fault:
        return fault.reason
    return ""
