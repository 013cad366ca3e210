"""Dossiers (manual 2.1): the list, and the page of one with its progress and four tabs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Exists, QuerySet, Value
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Access, Dossier, Party, Progress, Step, VisibleDossiers
from portaal.domain.dossiers.permissions import may_write
from portaal.domain.identity.models import User
from portaal.domain.messaging import drafts
from portaal.domain.messaging.models import Attachment, Message
from portaal.domain.notifications.models import Preference
from portaal.domain.office.models import Status
from portaal.faces.shared.access import ClientRequest, client
from portaal.speed.queries import prepared
from portaal.web.pages import PER_PAGE

from ..page import show
from .forms import SearchForm
from .rows import DossierRow, Found, Tab

PROVIDED, MESSAGES = "provided", "messages"
TABS = {  # slug: (label, name of the content in `_counts`)
    "correspondentie": (_("Correspondence"), Publication.Tab.CORRESPONDENCE),
    "documenten": (_("Documents"), Publication.Tab.DOCUMENTS),
    "aangeleverd": (_("Provided by me"), PROVIDED),
    "berichten": (_("Messages"), MESSAGES),
}


@client
@require_safe
def dossiers(request: ClientRequest) -> HttpResponse:
    statuses = _statuses(request.user)
    total = sum(count for _status, count in statuses)
    if total == 1 and not request.GET and (only := _newest.first(request.user, 0)):
        return redirect("client:dossier", pk=only["pk"])
    form = SearchForm(request.GET, [status.pk for status, _count in statuses])
    form.is_valid()
    words, chosen = form.cleaned_data.get("q", ""), form.cleaned_data.get("status") or []
    is_searched = bool(words or chosen)
    matching = _matching(request.user, words, list(map(int, chosen))) if is_searched else None
    counts = [count for status, count in statuses if not chosen or str(status.pk) in chosen]
    number = matching.count() if matching is not None and words else sum(counts)
    page = Paginator(range(number), PER_PAGE).get_page(request.GET.get("page"))
    first = max(0, page.start_index() - 1)
    found = (
        _newest(request.user, first)
        if matching is None
        else list(matching[first : page.end_index()])
    )
    return show(
        request,
        "dossiers/dossiers.html",
        section="dossiers",
        form=form,
        q=words,
        total=total,
        statuses=[
            {"status": status, "count": count, "chosen": str(status.pk) in chosen}
            for status, count in statuses
        ],
        page_obj=page,
        rows=_rows(found, [status for status, _count in statuses], request.user),
    )


@client
@require_safe
def dossier(request: ClientRequest, pk: UUID, tab: str = "") -> HttpResponse:
    dossier = _dossier.get_or_404(request.user, pk)
    if tab and tab not in TABS:
        raise Http404
    steps = _steps(dossier.pk)
    counts = {
        (content, bool(unread)): count
        for content, unread, count in _counts(request.user, dossier.pk)
    }
    tabs = [_tab(dossier, slug, counts) for slug in TABS]
    tab = tab or _first_filled(tabs)
    total = next(each.total for each in tabs if each.slug == tab)
    page = Paginator(range(total), PER_PAGE).get_page(request.GET.get("page"))
    rows = ROWS[TABS[tab][1]](request.user, dossier, max(0, page.start_index() - 1))
    writes = tab in ("aangeleverd", "berichten") and may_write(request.user, dossier)
    unsent = drafts.unsent(request.user, dossier.vault_id) if writes and tab == "berichten" else []
    return show(
        request,
        "dossiers/dossier.html",
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
        unsent={None if form == drafts.NEW else UUID(pk) for form, pk in unsent},
    )


def _statuses(user: User) -> list[tuple[Status, int]]:
    """Return the statuses of the user's dossiers, with the number of dossiers of each."""
    return [
        (Status(pk=pk, name_nl=name_nl, name_en=name_en, group=group), count)
        for pk, name_nl, name_en, group, count in _by_status(user)
    ]


@prepared
def _by_status(user: User) -> QuerySet[Dossier, tuple[int, str, str, str, int]]:
    dossiers = Dossier.objects.visible_to(user).order_by("status__position", "status")
    fields = ("pk", "name_nl", "name_en", "group")
    return dossiers.values_list(*(f"status__{name}" for name in fields)).annotate(Count("pk"))


def _matching(user: User, words: str, statuses: list[int]) -> QuerySet[Dossier, Found]:
    """Return the dossiers that match the search and have one of these statuses, if any."""
    dossiers = Dossier.objects.visible_to(user).matching(words)
    if statuses:
        dossiers = dossiers.filter(status__in=statuses)
    return dossiers.values("pk", "number", "description", "status")


@prepared
def _newest(user: User, first: int) -> QuerySet[Dossier, Found]:
    """Return a page of all dossiers of the user."""
    return _matching(user, "", [])[first : first + PER_PAGE]


def _rows(dossiers: list[Found], statuses: list[Status], user: User) -> list[DossierRow]:
    ids = [dossier["pk"] for dossier in dossiers]
    unread = Counter[UUID]()
    for pk, count in _unread(user, ids) if ids else []:
        unread[pk] += count
    progress = {pk: Progress(done, total) for pk, done, total in _progress(ids)} if ids else {}
    known = {status.pk: status for status in statuses}
    return [
        DossierRow(
            pk=dossier["pk"],
            number=dossier["number"],
            description=dossier["description"],
            # A status changed since they were counted is looked up.
            status=known.get(dossier["status"]) or Status.objects.get(pk=dossier["status"]),
            progress=progress.get(dossier["pk"], Progress(0, 0)),
            unread=unread[dossier["pk"]],
        )
        for dossier in dossiers
    ]


@prepared
def _unread(user: User, dossiers: list[UUID]) -> QuerySet[Publication, tuple[UUID, int]]:
    """Return (dossier, count) of unread documents, and again of unread messages."""
    documents = Publication.objects.new_to(user).filter(dossier__in=dossiers).order_by()
    messages = Message.objects.new_to(user).filter(dossier__in=dossiers).order_by()
    counted = messages.values_list("dossier").annotate(Count("pk"))
    return documents.values_list("dossier").annotate(Count("pk")).union(counted, all=True)


@prepared
def _progress(dossiers: list[UUID]) -> QuerySet[Step, tuple[UUID, int, int]]:
    return Step.objects.filter(dossier__in=dossiers).counted()


@prepared
def _dossier(user: User, pk: UUID) -> VisibleDossiers:
    others = Exists(Party.objects.accessible_to(user, Access.DOCUMENTS).exclude(dossier=pk))
    dossiers = Dossier.objects.visible_to(user).select_related("status", "handler", "vault")
    return dossiers.annotate(has_others=others).filter(pk=pk)


@prepared
def _steps(dossier: UUID) -> QuerySet[Step]:
    return Step.objects.filter(dossier=dossier)


@prepared
def _counts(user: User, dossier: UUID) -> QuerySet[Publication, tuple[str, bool, int]]:
    """Return (content, unread, count) of the four tabs, in one statement."""
    publications = Publication.objects.visible_to(user).filter(dossier=dossier).with_unread(user)
    provided = Attachment.objects.visible_to(user).provided().filter(message__dossier=dossier)
    messages = Message.objects.visible_to(user).filter(dossier=dossier).with_unread(user)
    contents = [
        publications,
        provided.annotate(tab=Value(PROVIDED), unread=Value(False)),
        messages.annotate(tab=Value(MESSAGES)),
    ]
    first, *others = (
        rows.order_by().values_list("tab", "unread").annotate(Count("pk")) for rows in contents
    )
    counted: QuerySet[Publication, tuple[str, bool, int]] = first.union(*others, all=True)
    return counted


def _correspondence(user: User, dossier: Dossier, first: int) -> list[Publication]:
    return _publications(user, dossier.pk, Publication.Tab.CORRESPONDENCE, first)


def _documents(user: User, dossier: Dossier, first: int) -> list[Publication]:
    return _publications(user, dossier.pk, Publication.Tab.DOCUMENTS, first)


@prepared
def _publications(user: User, dossier: UUID, tab: str, first: int) -> QuerySet[Publication]:
    publications = Publication.objects.visible_to(user).filter(dossier=dossier, tab=tab)
    file = (f"file__{name}" for name in ("size", "content_type", "state", "reason"))
    rows = publications.with_unread(user).select_related("file")
    return rows.only("title", "kind", "published_at", *file)[first : first + PER_PAGE]


def _provided(user: User, dossier: Dossier, first: int) -> list[Attachment]:
    """Return a page of the files that the user's side sent."""
    attachments = _attachments(user, dossier.pk, first)
    for attachment in attachments:
        attachment.message.dossier = dossier
    return attachments


@prepared
def _attachments(user: User, dossier: UUID, first: int) -> QuerySet[Attachment]:
    attachments = Attachment.objects.visible_to(user).provided().filter(message__dossier=dossier)
    ordered = attachments.order_by("-message__sent_at", "message", "position")
    return ordered.select_related("file__copy", "message")[first : first + PER_PAGE]


def _messages(user: User, dossier: Dossier, first: int) -> list[Message]:
    messages = _conversation(user, dossier.pk, first)
    for message in messages:
        message.dossier = dossier
    return messages


@prepared
def _conversation(user: User, dossier: UUID, first: int) -> QuerySet[Message]:
    messages = Message.objects.visible_to(user).filter(dossier=dossier).with_unread(user)
    sender = (f"sender__{name}" for name in ("first_names", "infix", "surname"))
    rows = messages.with_attachments().select_related("sender")
    columns = ("sealed", "sent_at", "from_office", "as_office", *sender)
    return rows.only(*columns)[first : first + PER_PAGE]


ROWS: dict[str, Callable[[User, Dossier, int], Sequence[object]]] = {
    Publication.Tab.CORRESPONDENCE: _correspondence,
    Publication.Tab.DOCUMENTS: _documents,
    PROVIDED: _provided,
    MESSAGES: _messages,
}


def _first_filled(tabs: list[Tab]) -> str:
    """Return the tab a dossier opens on. Reading does not change it, so a reload stays there."""
    return next((tab.slug for tab in tabs if tab.total), tabs[0].slug)


def _tab(dossier: Dossier, slug: str, counts: dict[tuple[str, bool], int]) -> Tab:
    label, content = TABS[slug]
    read, unread = counts.get((content, False), 0), counts.get((content, True), 0)
    url = reverse("client:dossier_tab", args=[dossier.pk, slug])
    return Tab(slug, label, url, total=read + unread, unread=unread)
