"""Travel in time: the clocks of the process and of the database together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db.models import DateTimeField, Value
from django.db.models.functions import Now
from django.utils import timezone


@contextmanager
def travel(moment: datetime | str, *, tick: bool) -> Iterator[time_machine.Traveller]:
    """Set both clocks to `moment`.

    Jobs use the database's clock, everything else that of the process. A real database's clock
    cannot be set, so SQL gets the time of the process instead.
    """
    with (
        time_machine.travel(moment, tick=tick) as clock,
        pytest.MonkeyPatch.context() as patch,
    ):
        for method in ("as_sql", "as_sqlite", "as_postgresql"):
            patch.setattr(Now, method, _process_time)
        yield clock


def _process_time(_now: Now, compiler: Any, *_: Any, **__: Any) -> Any:
    return compiler.compile(Value(timezone.now(), output_field=DateTimeField()))
