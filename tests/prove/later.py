"""Run inside a portal: prints its jobs as JSON for each line that it reads. At 'pass', so much time has passed that every try and
every lease is due."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402 - the settings come first

from portaal.domain.jobs.models import Job  # noqa: E402

for line in sys.stdin:
    if line == "pass\n":
        Job.objects.filter(state=Job.State.READY).update(due=timezone.now())
        Job.objects.filter(state=Job.State.RUNNING).update(
            leased_until=timezone.now() - timedelta(seconds=1)
        )
    sys.stdout.write(
        json.dumps(list(Job.objects.order_by("created_at").values("task", "state", "attempts")))
        + "\n"
    )
    sys.stdout.flush()
