"""Dossiers (manual 2.1): the list, and one dossier with its progress and four tabs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Exists, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portaal.domain.accounts.models import User
from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier, Party, Progress, Step
from portaal.domain.dossiers.permissions import may_write
from portaal.domain.messaging import drafts
from portaal.domain.messaging.models import Attachment, Message
from portaal.domain.notifications.models import Preference
from portaal.domain.office.models import Status
from portaal.gateways.prepared import prepared
from portaal.web.access import client
from portaal.web.downloads import with_shown

from ..forms import SearchForm
from ..page import show

PER_PAGE = 50
STATUS_FIELDS = ("pk", "name_nl", "name_en", "group")
PROVIDED, MESSAGES = "provided", "messages"
TABS = {  # slug: (label, what `_numbers` calls what stands in it)
    "correspondentie": (_("Correspondence"), Publication.Tab.CORRESPONDENCE),
    "documenten": (_("Documents"), Publication.Tab.DOCUMENTS),
    "aangeleverd": (_("Provided by me"), PROVIDED),
    "berichten": (_("Messages"), MESSAGES),
}


@client
@require_safe
def dossiers(request: HttpRequest) -> HttpResponse:
    statuses = _statuses(request.user)
    total = sum(status.count for status in statuses)
    if total == 1 and not request.GET:
        return redirect("client:dossier", pk=_newest(request.user, 0)[0]["pk"])
    form = SearchForm(request.GET, [status.pk for status in statuses])
    form.is_valid()
    words, chosen = form.cleaned_data.get("q", ""), form.cleaned_data.get("status")
    is_searched = bool(words or chosen)
    pages = Paginator(_found(request.user, words, chosen) if is_searched else [], PER_PAGE)
    if not words:  # counted already
        pages.count = sum(
            status.count for status in statuses if not chosen or str(status.pk) in chosen
        )
    page = pages.get_page(request.GET.get("page"))
    shown = list(page) if is_searched else _newest(request.user, max(0, page.start_index() - 1))
    return show(
        request,
        "dossiers.html",
        section="dossiers",
        form=form,
        q=words,
        total=total,
        statuses=[
            {"status": status, "count": status.count, "chosen": str(status.pk) in (chosen or [])}
            for status in statuses
        ],
        page_obj=page,
        rows=_rows(shown, statuses, request.user),
    )


@client
@require_safe
def dossier(request: HttpRequest, pk: Any, tab: str = "") -> HttpResponse:
    found = _dossier(request.user, pk)
    if not found or (tab and tab not in TABS):
        raise Http404
    dossier = found[0]
    steps = _steps(dossier.pk)
    numbers = {
        (stands_in, bool(unread)): number
        for stands_in, unread, number in _numbers(request.user, dossier.pk)
    }
    tabs = [_tab(dossier, slug, numbers) for slug in TABS]
    tab = tab or _first_filled(tabs)
    pages = Paginator([], PER_PAGE)
    pages.count = next(each["total"] for each in tabs if each["slug"] == tab)
    page = pages.get_page(request.GET.get("page"))
    rows = ROWS[TABS[tab][1]](request.user, dossier, max(0, page.start_index() - 1))
    writes = tab in ("aangeleverd", "berichten") and may_write(request.user, dossier)
    begun = drafts.unsent(request.user, dossier.pk) if writes and tab == "berichten" else []
    return show(
        request,
        "dossier.html",
        section="dossiers",
        dossier=dossier,
        progress=Progress.of(steps),
        steps=steps,
        next_step=next((step for step in steps if step.done_at is None), None),
        tab=tab,
        tabs=tabs,
        rows=rows,
        promises_mail=tab in ("correspondentie", "documenten")
        and not rows
        and Preference.of(request.user).documents,
        page_obj=page,
        may_write=writes,
        unsent={reply_to for (reply_to,) in begun},
    )


def _statuses(user: User) -> list[Status]:
    """The statuses that these dossiers have, each with its `count`."""
    statuses = []
    for *facts, count in _by_status(user):
        statuses.append(Status(**dict(zip(STATUS_FIELDS, facts, strict=True))))
        statuses[-1].count = count
    return statuses


@prepared
def _by_status(user: User) -> QuerySet[Dossier, tuple[Any, ...]]:
    counted = Dossier.objects.visible_to(user).order_by("status__position", "status")
    return counted.values_list(*(f"status__{field}" for field in STATUS_FIELDS)).annotate(
        Count("pk")
    )


def _found(user: User, words: str, chosen: list[str] | None) -> QuerySet[Dossier, dict[str, Any]]:
    found = Dossier.objects.visible_to(user).matching(words)
    if chosen:
        found = found.filter(status__in=chosen)
    return found.values("pk", "number", "description", "status")


@prepared
def _newest(user: User, first: int) -> QuerySet[Dossier, dict[str, Any]]:
    """A page of all of them."""
    return _found(user, "", None)[first : first + PER_PAGE]


def _rows(
    dossiers: list[dict[str, Any]], statuses: list[Status], user: User
) -> list[dict[str, Any]]:
    """One row of the list for each dossier, with its status, how far it is and how much of it is unread."""
    keys = [dossier["pk"] for dossier in dossiers]
    unread = Counter[UUID]()
    for pk, number in _unread(user, keys) if keys else []:
        unread[pk] += number
    progress = {pk: Progress(done, total) for pk, done, total in _progress(keys)} if keys else {}
    known = {status.pk: status for status in statuses}
    for dossier in dossiers:
        pk = dossier["status"]
        dossier["status"] = known.get(pk) or Status.objects.get(
            pk=pk
        )  # another one than when they were counted
        dossier["progress"] = progress.get(dossier["pk"], Progress(0, 0))
        dossier["unread"] = unread[dossier["pk"]]
    return dossiers


@prepared
def _unread(user: User, dossiers: list[UUID]) -> QuerySet[Publication, tuple[UUID, int]]:
    """(dossier, how many), of documents and of messages."""
    found = [
        Publication.objects.new_to(user).filter(dossier__in=dossiers),
        Message.objects.new_to(user).filter(dossier__in=dossiers),
    ]
    documents, messages = (
        each.order_by().values_list("dossier").annotate(Count("pk")) for each in found
    )
    return documents.union(messages, all=True)


@prepared
def _progress(dossiers: list[UUID]) -> QuerySet[Step, tuple[UUID, int, int]]:
    return Step.objects.filter(dossier__in=dossiers).counted()


@prepared
def _dossier(user: User, pk: UUID) -> QuerySet[Dossier]:
    others = Exists(Party.objects.open_to(user).exclude(dossier=pk))
    mine = Dossier.objects.visible_to(user).select_related("status", "handler", "vault")
    return mine.annotate(has_others=others).filter(pk=pk)


@prepared
def _steps(dossier: UUID) -> QuerySet[Step]:
    return Step.objects.filter(dossier=dossier)


@prepared
def _numbers(user: User, dossier: UUID) -> QuerySet[Publication, tuple[str, bool, int]]:
    """(tab, whether unread, how many) of what stands in the four tabs, in one statement."""
    publications = Publication.objects.visible_to(user).filter(dossier=dossier).with_unread(user)
    provided = Attachment.objects.visible_to(user).provided().filter(message__dossier=dossier)
    messages = Message.objects.visible_to(user).filter(dossier=dossier).with_unread(user)
    found = [
        publications,
        provided.annotate(tab=Value(PROVIDED), unread=Value(False)),
        messages.annotate(tab=Value(MESSAGES)),
    ]
    first, *others = (
        each.order_by().values_list("tab", "unread").annotate(Count("pk")) for each in found
    )
    return first.union(*others, all=True)


def _correspondence(user: User, dossier: Dossier, first: int) -> list[Publication]:
    return _publications(user, dossier.pk, Publication.Tab.CORRESPONDENCE, first)


def _documents(user: User, dossier: Dossier, first: int) -> list[Publication]:
    return _publications(user, dossier.pk, Publication.Tab.DOCUMENTS, first)


@prepared
def _publications(user: User, dossier: UUID, tab: str, first: int) -> QuerySet[Publication]:
    seen = Publication.objects.visible_to(user).filter(dossier=dossier, tab=tab)
    shown = (
        "title",
        "kind",
        "published_at",
        *(f"file__{name}" for name in ("size", "content_type", "state", "reason")),
    )
    return seen.with_unread(user).select_related("file").only(*shown)[first : first + PER_PAGE]


def _provided(user: User, dossier: Dossier, first: int) -> list[Attachment]:
    """A page of what this reader's side sent, each with whether a browser shows it."""
    attachments = _attachments(user, dossier.pk, first)
    for attachment in attachments:
        attachment.message.dossier = dossier
    return with_shown(attachments)


@prepared
def _attachments(user: User, dossier: UUID, first: int) -> QuerySet[Attachment]:
    seen = Attachment.objects.visible_to(user).provided().filter(message__dossier=dossier)
    ordered = seen.order_by("-message__sent_at", "message", "position")
    return ordered.select_related("file__copy", "message")[first : first + PER_PAGE]


def _messages(user: User, dossier: Dossier, first: int) -> list[Message]:
    messages = _conversation(user, dossier.pk, first)
    for message in messages:
        message.dossier = dossier
    return messages


@prepared
def _conversation(user: User, dossier: UUID, first: int) -> QuerySet[Message]:
    seen = (
        Message.objects.visible_to(user)
        .filter(dossier=dossier)
        .with_unread(user)
        .with_attachments()
    )
    sender = (f"sender__{name}" for name in ("first_names", "infix", "surname"))
    shown = seen.select_related("sender").only(
        "sealed", "sent_at", "from_office", "as_office", *sender
    )
    return shown[first : first + PER_PAGE]


ROWS: dict[str, Callable[[User, Dossier, int], list[Any]]] = {
    Publication.Tab.CORRESPONDENCE: _correspondence,
    Publication.Tab.DOCUMENTS: _documents,
    PROVIDED: _provided,
    MESSAGES: _messages,
}


def _first_filled(tabs: list[dict[str, Any]]) -> str:
    """Where a dossier opens: reading does not change it, so a page that is loaded again stays where it was."""
    return next((tab["slug"] for tab in tabs if tab["total"]), tabs[0]["slug"])


def _tab(dossier: Dossier, slug: str, numbers: dict[tuple[str, bool], int]) -> dict[str, Any]:
    """One of the four tabs, with its total and its unread number."""
    label, stands_in = TABS[slug]
    read, unread = numbers.get((stands_in, False), 0), numbers.get((stands_in, True), 0)
    url = reverse("client:dossier_tab", args=[dossier.pk, slug])
    return {"slug": slug, "label": label, "url": url, "total": read + unread, "unread": unread}
