"""Settings of a portal that flushes nothing to disk, the control of power.py.

Nothing else may use them.
"""

import os

from portaal.settings import *  # noqa: F403 - all settings, except those below
from portaal.settings import DATABASES

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")

os.fsync = lambda descriptor: None
