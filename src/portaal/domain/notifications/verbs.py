"""Verbs for notification preferences and undelivered e-mails."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from portaal.domain.clients.permissions import may_manage_clients
from portaal.domain.identity.models import User
from portaal.domain.identity.verbs import choose_language
from portaal.domain.jobs import worker
from portaal.domain.jobs.models import Job
from portaal.domain.journal.recording import record, verb

from .events import MAIL_DROPPED, MAIL_SENT_AGAIN, NOTIFICATIONS_CHOSEN
from .models import Preference


@verb
def choose_notifications(
    user: User, *, by: User, documents: bool, questionnaires: bool, messages: bool
) -> Preference:
    """Choose the kinds of news that a login gets e-mails about ("Notificaties", manual 2.2).

    Raises PermissionDenied for the login of somebody else.
    """
    if by.pk != user.pk:
        raise PermissionDenied
    preference = Preference.of(user)
    wanted = {"documents": documents, "questionnaires": questionnaires, "messages": messages}
    changed = [field for field, value in wanted.items() if getattr(preference, field) != value]
    if changed:
        for field in changed:
            setattr(preference, field, wanted[field])
        preference.save()
        record(NOTIFICATIONS_CHOSEN, user, by=by, fields=changed)
    return preference


@verb
def save_preferences(user: User, *, by: User, language: str, **notifications: bool) -> User:
    """Set the language and the notifications of a login ("Mijn gegevens", manual 2.2).

    Raises as `choose_language` and `choose_notifications` do; then nothing is changed.
    """
    choose_notifications(user, by=by, **notifications)
    return choose_language(user, by=by, language=language)


@verb
def send_again(job: Job, *, by: User) -> bool:
    """Retry an undelivered e-mail; return False when a colleague has dealt with it already."""
    if not may_manage_clients(by):
        raise PermissionDenied
    if not worker.retry(job):
        return False
    record(MAIL_SENT_AGAIN, job, by=by)
    return True


@verb
def drop(job: Job, *, by: User) -> bool:
    """Remove an undelivered e-mail from the list, unsent.

    Returns False when a colleague has dealt with it already.
    """
    if not may_manage_clients(by):
        raise PermissionDenied
    if not worker.drop(job):
        return False
    record(MAIL_DROPPED, job, by=by)
    return True
