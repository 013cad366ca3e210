"""What can happen to notifications."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from portaal.domain.accounts.models import User
from portaal.domain.accounts.permissions import may_manage_clients
from portaal.domain.jobs import worker
from portaal.domain.jobs.models import Job
from portaal.domain.journal.recording import record, verb

from .models import Preference


@verb
def choose_notifications(
    user: User, *, by: User, documents: bool, questionnaires: bool, messages: bool
) -> Preference:
    """'Notificaties' (2.2): whether e-mails come for new documents, questionnaires and messages."""
    if by.pk != user.pk:
        raise PermissionDenied
    preference = Preference.of(user)
    wanted = {"documents": documents, "questionnaires": questionnaires, "messages": messages}
    changed = [name for name, value in wanted.items() if getattr(preference, name) != value]
    if changed:
        for name in changed:
            setattr(preference, name, wanted[name])
        preference.save()
        record("notifications.choose", user, by=by, fields=changed)
    return preference


@verb
def send_again(job: Job, *, by: User) -> bool:
    """Lets the worker try an undelivered e-mail again. Returns whether it was still undelivered."""
    if not may_manage_clients(by):
        raise PermissionDenied
    if not worker.retry(job):
        return False
    record("notifications.send_again", job, by=by)
    return True


@verb
def drop(job: Job, *, by: User) -> bool:
    """Takes an undelivered e-mail off the list: it will not be sent. Returns whether it was still undelivered."""
    if not may_manage_clients(by):
        raise PermissionDenied
    if not worker.drop(job):
        return False
    record("notifications.drop", job, by=by)
    return True
