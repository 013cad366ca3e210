"""Run inside a portal: add the cast of the tests and a client for each lane.

Prints the data that the lanes need, as JSON.
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from tests.people import PASSWORD, give_password, make_cast  # noqa: E402 - needs the settings

from portaal.domain.clients import verbs as clients  # noqa: E402
from portaal.domain.jobs.models import Job  # noqa: E402
from portaal.domain.office.models import Status  # noqa: E402

cast = make_cast()
handler = cast.users["marieke"]
lanes = []
for number in range(int(sys.argv[1])):
    client = clients.add_client(
        by=handler, surname=f"Proef{number}", email=f"proef{number}@example.nl"
    )
    give_password(clients.add_login(client, by=handler).user)
    lanes.append({"client": str(client.pk), "email": client.email})
Job.objects.all().delete()  # the e-mails of the cast are no part of the proof
sys.stdout.write(
    json.dumps(
        {
            "password": PASSWORD,
            "handler": handler.email,
            "handler_id": str(handler.pk),
            "type": cast.type.pk,
            "statuses": list(Status.objects.order_by("pk").values_list("pk", flat=True)),
            "lanes": lanes,
        }
    )
)
