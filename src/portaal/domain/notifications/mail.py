"""E-mails of the portal, as text and HTML, each with one link and no content of a dossier."""

from __future__ import annotations

import hmac
from email.utils import formataddr
from hashlib import sha256
from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from portaal.domain.identity.models import User
from portaal.domain.jobs.context import PermanentFailure, current_job
from portaal.domain.office.colours import on_paper
from portaal.domain.office.models import Office
from portaal.gateways.keyring import keyring


def send(kind: str, user: User, *, link: str, **facts: object) -> None:
    """Send one e-mail of `kind` to the stored address of a login, in its language.

    `link` is a path of the portal. `templates/notifications/mail/<kind>…` are subject, text and
    HTML, with `facts` in their context. Passes on errors of the mail server; raises
    PermanentFailure when it rejects the address for good, so that the office sees it at once.
    """
    message = compose(kind, user, link=link, **facts)
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        if all(code >= 550 for code, _reply in error.recipients.values()):
            raise PermanentFailure(error) from error
        raise


def compose(kind: str, user: User, *, link: str, **facts: object) -> EmailMultiAlternatives:
    office = Office.current()
    context = {
        "office": office,
        "sender": ", ".join(filter(None, _sender(office))),
        "user": user,
        "link": settings.BASE_URL
        + link
        + ("" if user.language == settings.LANGUAGE_CODE else f"?taal={user.language}"),
        "colours": on_paper(office.brand, office.accent),
        **facts,
    }
    with translation.override(user.language):
        subject, text, html = (
            render_to_string(f"notifications/mail/{kind}{end}", context)
            for end in ("-subject.txt", ".txt", ".html")
        )
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        from_email=formataddr((office.name, settings.MAIL_FROM)),
        to=[user.email],
        headers={"Message-ID": _message_id(), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    return message


def _sender(office: Office) -> tuple[str, ...]:
    """Return the parts of the line under every e-mail that says who sent it."""
    return office.name, office.street, office.city, office.phone_unbroken


def _message_id() -> str:
    """Return the Message-ID, which is the same for every attempt of one job.

    When the mail server accepted an e-mail but its answer was lost, the receiver's mail program
    can merge the repeat with it.
    """
    job = str(current_job.get() or uuid4())
    token = hmac.new(keyring().secret("lookup"), f"mail {job}".encode(), sha256).hexdigest()[:32]
    return f"<{token}@{urlsplit(settings.BASE_URL).hostname}>"
