"""Run inside a portal: print its contents as JSON, without changing anything."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from hashlib import sha256
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - needs the settings
from django.db.models import Q  # noqa: E402

from portaal.domain.documents.models import Publication  # noqa: E402
from portaal.domain.dossiers.models import Dossier, Step  # noqa: E402
from portaal.domain.files.models import StoredFile, Upload  # noqa: E402
from portaal.domain.jobs.models import Job  # noqa: E402
from portaal.domain.journal.models import Event  # noqa: E402
from portaal.domain.messaging.models import Attachment, Message  # noqa: E402
from portaal.domain.notifications.models import Notice, Preference  # noqa: E402


def main() -> dict[str, Any]:
    events: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for event in Event.objects.order_by("seq"):
        events[event.verb][event.object_id].append(event.details)
    published = Publication.objects.select_related("file__vault").prefetch_related("recipients")
    return {
        "publications": [
            {
                "title": each.title,
                "dossier": str(each.dossier_id),
                "sha256": each.file.sha256,
                "stored_sha256": hash_of(each.file),
                "parties": each.recipients.count(),
                "events": len(events["documents.publish"][str(each.pk)]),
                "notices": Notice.objects.filter(
                    event__in=Event.objects.filter(object_id=str(each.pk)).values("seq")
                ).count(),
            }
            for each in published
        ],
        "messages": [
            {
                "subject": each.content.subject,
                "dossier": str(each.dossier_id),
                "body": sha256(each.content.body.encode()).hexdigest(),
                "from_office": each.from_office,
                "attachments": [str(attachment.pk) for attachment in each.attachments.all()],
                "files": [hash_of(attachment.file) for attachment in each.attachments.all()],
                "events": len(events["messaging.send"][str(each.pk)])
                + len(events["messaging.reply"][str(each.pk)]),
                "notices": Notice.objects.filter(
                    event__in=Event.objects.filter(object_id=str(each.pk)).values("seq")
                ).count(),
            }
            for each in Message.objects.select_related("dossier__vault").prefetch_related(
                "attachments__file__vault"
            )
        ],
        "files": {
            str(each.pk): {
                "sha256": each.sha256,
                "stored_sha256": hash_of(each),
                "events": len(events["files.store_file"][str(each.pk)]),
            }
            for each in StoredFile.objects.filter(
                Q(claimed_at=None) | Q(pk__in=Attachment.objects.values("file"))
            ).select_related("vault")
        },
        "uploads": {str(each.pk): each.offset for each in Upload.objects.open()},
        "dossiers": [
            {
                "id": str(each.pk),
                "number": each.number,
                "status": each.status_id,
                "parties": each.parties.count(),
                "opened": len(events["dossiers.open_dossier"][str(each.pk)]),
                "statuses": [
                    details["status"] for details in events["dossiers.change_status"][str(each.pk)]
                ],
            }
            for each in Dossier.objects.all()
        ],
        "steps": {
            str(each.pk): {
                "done": each.done_at is not None,
                "events": [
                    len(events[f"dossiers.{act}"][str(each.pk)]) for act in ("advance", "set_back")
                ],
            }
            for each in Step.objects.all()
        },
        "preferences": {
            each.user.email: each.messages for each in Preference.objects.select_related("user")
        },
        "jobs": {state: Job.objects.filter(state=state).count() for state in Job.State.values},
        "database": database_faults(),
    }


def hash_of(file: StoredFile) -> str:
    """Return the hash of the stored bytes, or the error on reading them."""
    try:
        whole = sha256()
        for chunk in file.chunks():
            whole.update(chunk)
        return whole.hexdigest()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def database_faults() -> list[str]:
    """Return the violations that SQLite's own checks find; none on PostgreSQL."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        wrong = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        return wrong + [f"foreign key: {row}" for row in cursor.fetchall()]


sys.stdout.write(json.dumps(main()))
