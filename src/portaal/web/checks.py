"""System checks of our own, run by `portaal check` and by all that starts the portal."""

from __future__ import annotations

import os
import shutil

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register()
def folders(**options: object) -> list[CheckMessage]:
    """Check that the data folder is writable, private (in production) and has space."""
    problems: list[CheckMessage] = []
    if not settings.DATA_DIR.is_dir() or not os.access(settings.DATA_DIR, os.W_OK | os.X_OK):
        text = f"{settings.DATA_DIR} is no folder that the portal can write to."
        problems.append(Error(text, id="portaal.E001"))
    elif settings.PRODUCTION and settings.DATA_DIR.stat().st_mode & 0o007:
        text = f"Everybody on this machine can look into {settings.DATA_DIR}."
        problems.append(Warning(text, hint="chmod 750", id="portaal.W001"))
    if text := no_room():
        problems.append(Warning(text, hint="Make room, or move the data.", id="portaal.W002"))
    return problems


def no_room() -> str:
    """Return why the data disk has too little space, in words; empty if it has enough."""
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError as error:
        return f"The data folder cannot be read: {error.strerror}."
    if free < settings.FREE_SPACE_MIN:
        left, least = free // 1024**2, settings.FREE_SPACE_MIN // 1024**2
        return f"The disk has {left} MB left; below {least} MB is too little."
    return ""
