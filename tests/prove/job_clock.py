"""Run inside a portal: print its jobs as JSON for each line read.

The line "pass" first makes every retry and every lease due, as if that much time had passed.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.db.models.functions import Now  # noqa: E402 - needs the settings

from portaal.domain.jobs.models import Job  # noqa: E402

for line in sys.stdin:
    if line == "pass\n":
        Job.objects.filter(state=Job.State.READY).update(due=Now())
        Job.objects.filter(state=Job.State.RUNNING).update(
            leased_until=Now() - timedelta(seconds=1)
        )
    sys.stdout.write(
        json.dumps(list(Job.objects.order_by("created_at").values("task", "state", "attempts")))
        + "\n"
    )
    sys.stdout.flush()
