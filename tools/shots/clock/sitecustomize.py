"""A fixed clock and repeatable ids for Python processes with this folder on their path.

Python imports this module at start. `SHOTS_CLOCK` is the moment (ISO 8601) at which the process
starts. The clock stands still, except that each new id moves it by one millisecond: rows that are
made one after another keep their order, and no displayed minute changes.
"""

import os
import threading
import uuid
from datetime import datetime
from random import Random
from typing import Any

import time_machine

STEP = 0.001  # seconds


def fix(moment: datetime) -> None:
    """Start the fixed clock at this moment and seed the ids by it."""
    clock: Any = time_machine.travel(moment, tick=False).start()
    random, lock = Random(moment.isoformat()), threading.Lock()  # noqa: S311 - no secrets

    def next_id() -> uuid.UUID:
        with lock:
            clock.shift(STEP)
            return uuid.UUID(int=random.getrandbits(128), version=4)

    uuid.uuid4 = next_id


if os.environ.get("SHOTS_CLOCK"):
    fix(datetime.fromisoformat(os.environ["SHOTS_CLOCK"]))
