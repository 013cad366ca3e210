"""History of a dossier in words."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.utils.translation import gettext as _

from portaal.domain.accounts.models import User
from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier, Party, Step
from portaal.domain.journal.models import Event
from portaal.domain.messaging.models import Attachment, Message

HISTORY_MAX = 12


class HistoryRow(TypedDict):
    """An event in words, with the short name of its actor."""

    at: datetime
    who: str
    text: str


def history_of(dossier: Dossier, *, most: int = HISTORY_MAX) -> list[HistoryRow]:
    """Return the last events of a dossier, newest first. Names cost one query for each kind."""
    # A stored file has no line: its message or publication has.
    shown = Event.objects.filter(dossier=dossier.pk).exclude(verb="files.receive")
    events = list(shown.select_related("actor").order_by("-seq")[:most])
    about = {
        kind: [event.object_id for event in events if event.object_kind == kind]
        for kind in {event.object_kind for event in events}
    }
    titles: dict[str, str] = {}
    publications = Publication.objects.filter(pk__in=about.get("documents.publication", []))
    titles |= {str(pk): title for pk, title in publications.values_list("pk", "title")}
    titles |= {
        str(step.pk): str(step)
        for step in Step.objects.filter(pk__in=about.get("dossiers.step", []))
    }
    parties = Party.objects.filter(pk__in=about.get("dossiers.party", [])).select_related("client")
    titles |= {str(party.pk): party.client.name for party in parties}
    messages = Message.objects.filter(pk__in=about.get("messaging.message", [])).select_related(
        "dossier__vault"
    )
    titles |= {str(message.pk): message.content.subject for message in messages}
    attachments = Attachment.objects.filter(
        pk__in=about.get("messaging.attachment", [])
    ).select_related("file")
    titles |= {str(attachment.pk): attachment.file.name for attachment in attachments}
    return [
        {
            "at": event.at,
            "who": _name(event.actor),
            "text": _text(event.verb) % {"title": titles.get(event.object_id, "")},
        }
        for event in events
    ]


def _name(actor: User | None) -> str:
    return actor.short_name if actor else _("The portal")


def _text(verb: str) -> str:
    return {
        "dossiers.open": _("opened the dossier"),
        "dossiers.admit": _("added “%(title)s” as a party"),
        "dossiers.release": _("took “%(title)s” out of the dossier"),
        "dossiers.grant": _("gave a login of “%(title)s” access"),
        "dossiers.change_status": _("changed the status"),
        "dossiers.advance": _("finished “%(title)s”"),
        "dossiers.set_back": _("reopened “%(title)s”"),
        "dossiers.set_appointment": _("changed the appointment"),
        "messaging.send": _("sent the message “%(title)s”"),
        "messaging.reply": _("answered: “%(title)s”"),
        "messaging.read": _("read the message “%(title)s”"),
        "messaging.let_through": _("let “%(title)s” through"),
        "messaging.check_again": _("had “%(title)s” checked again"),
        "messaging.download": _("downloaded “%(title)s”"),
        "messaging.view": _("opened “%(title)s”"),
        "documents.publish": _("published “%(title)s”"),
        "documents.withdraw": _("withdrew “%(title)s”"),
        "documents.let_through": _("let “%(title)s” through"),
        "documents.check_again": _("had “%(title)s” checked again"),
        "documents.download": _("downloaded “%(title)s”"),
    }.get(verb, verb.replace("%", "%%"))
