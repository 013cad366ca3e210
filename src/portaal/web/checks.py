"""What `portaal check` looks at besides Django's own checks; so does everything that starts."""

from __future__ import annotations

import os
import shutil
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register()
def folders(**options: Any) -> list[CheckMessage]:
    """The data folder: ours to write to, nobody else's to read in production, on a disk with room."""
    found: list[CheckMessage] = []
    if not settings.DATA_DIR.is_dir() or not os.access(settings.DATA_DIR, os.W_OK | os.X_OK):
        found.append(
            Error(
                f"{settings.DATA_DIR} is no folder that the portal can write to.", id="portaal.E001"
            )
        )
    elif settings.PRODUCTION and settings.DATA_DIR.stat().st_mode & 0o007:
        words = f"Everybody on this machine can look into {settings.DATA_DIR}."
        found.append(Warning(words, hint="chmod 750", id="portaal.W001"))
    if fault := no_room():
        found.append(Warning(fault, hint="Make room, or move the data.", id="portaal.W002"))
    return found


def no_room() -> str:
    """What is wrong with the room on the data's disk, in words; empty while there is enough."""
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError as fault:
        return f"The data folder cannot be read: {fault}."
    if free < settings.FREE_SPACE_MIN:
        return f"The disk has {free // 1024**2} MB left; below {settings.FREE_SPACE_MIN // 1024**2} MB is too little."
    return ""
