"""What the pages of the office share: the history in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from portaal.domain.accounts.models import User
from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier, Party, Step
from portaal.domain.journal.models import Event
from portaal.domain.messaging.models import Attachment, Message

HISTORY_MAX = 12


def history_of(dossier: Dossier, *, most: int = HISTORY_MAX) -> list[dict[str, Any]]:
    """The last events of a dossier, newest first, in words: [{at, who, text}]. Names are looked up here: a query a kind."""
    told = Event.objects.filter(dossier=dossier.pk).exclude(
        verb="files.receive"
    )  # a message or a publication tells of its files
    events = list(told.select_related("actor").order_by("-seq")[:most])
    about = {
        name: [e.object_id for e in events if e.object_kind == name]
        for name in {e.object_kind for e in events}
    }
    titles: dict[str, str] = {}
    publications = Publication.objects.filter(pk__in=about.get("documents.publication", []))
    titles |= {str(pk): title for pk, title in publications.values_list("pk", "title")}
    titles |= {
        str(s.pk): str(s) for s in Step.objects.filter(pk__in=about.get("dossiers.step", []))
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
            "at": e.at,
            "who": _name(e.actor),
            "text": _words(e.verb) % {"title": titles.get(e.object_id, "")},
        }
        for e in events
    ]


def _name(actor: User | None) -> str:
    return actor.short_name if actor else _("The portal")


def _words(verb: str) -> str:
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
