"""The portal without its care for a power cut: the control of power.py. Nobody else may use these settings."""

import os

from portaal.settings import *  # noqa: F403 - all of them, but for what follows
from portaal.settings import DATABASES

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")

os.fsync = lambda descriptor: None
