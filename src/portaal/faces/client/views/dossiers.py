"""Dossiers (manual 2.1): the list, and one dossier with its progress and four tabs."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portaal.domain.accounts.models import User
from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier, Party, Progress, Step
from portaal.domain.office.models import Status
from portaal.web.access import client

from ..forms import SearchForm
from ..page import show

PER_PAGE = 50
TABS = {  # slug: (label, the publications that stand in it)
    "correspondentie": (_("Correspondence"), Publication.Tab.CORRESPONDENCE),
    "documenten": (_("Documents"), Publication.Tab.DOCUMENTS),
    "aangeleverd": (_("Provided by me"), None),
    "berichten": (_("Messages"), None),
}


@client
@require_safe
def dossiers(request: HttpRequest) -> HttpResponse:
    mine = Dossier.objects.visible_to(request.user)
    statuses = _statuses(mine)
    total = sum(status.count for status in statuses)
    if total == 1 and not request.GET:
        return redirect("client:dossier", pk=mine.get().pk)
    form = SearchForm(request.GET, [status.pk for status in statuses])
    form.is_valid()
    words, chosen = form.cleaned_data.get("q", ""), form.cleaned_data.get("status")
    found = mine.found_by(words)
    if chosen:
        found = found.filter(status__in=chosen)
    pages = Paginator(found.select_related("status"), PER_PAGE)
    if not words:  # counted already
        pages.count = sum(status.count for status in statuses if not chosen or str(status.pk) in chosen)
    page = pages.get_page(request.GET.get("page"))
    return show(
        request,
        "dossiers.html",
        section="dossiers",
        form=form,
        q=words,
        total=total,
        statuses=[{"status": status, "count": status.count, "chosen": str(status.pk) in (chosen or [])} for status in statuses],
        page_obj=page,
        rows=_rows(list(page), request.user),
    )


@client
@require_safe
def dossier(request: HttpRequest, pk: Any, tab: str = "correspondentie") -> HttpResponse:
    mine = Dossier.objects.visible_to(request.user).select_related("status", "handler")
    others = Exists(Party.objects.open_to(request.user).exclude(dossier=pk))
    dossier = get_object_or_404(mine.annotate(has_others=others), pk=pk)
    if tab not in TABS:
        raise Http404
    seen = Publication.objects.visible_to(request.user).filter(dossier=dossier)
    publications = list(seen.with_unread(request.user).select_related("file"))
    steps = list(dossier.steps.all())
    return show(
        request,
        "dossier.html",
        section="dossiers",
        dossier=dossier,
        progress=Progress.of(steps),
        steps=steps,
        next_step=next((step for step in steps if step.done_at is None), None),
        tab=tab,
        tabs=_tabs(dossier, tab, publications),
        rows=[publication for publication in publications if publication.tab == TABS[tab][1]],
    )


def _statuses(mine: QuerySet[Dossier]) -> list[Status]:
    """The statuses that these dossiers have, each with its `count`."""
    statuses = []
    fields = ("pk", "name_nl", "name_en", "group")
    by_status = mine.order_by("status__position", "status").values_list(*(f"status__{field}" for field in fields))
    for *facts, count in by_status.annotate(Count("pk")):
        statuses.append(Status(**dict(zip(fields, facts, strict=True))))
        statuses[-1].count = count
    return statuses


def _rows(dossiers: list[Dossier], user: User) -> list[dict[str, Any]]:
    """One row of the list for each dossier, with how far it is and how much of it is unread."""
    new = Publication.objects.new_to(user).filter(dossier__in=dossiers)
    unread = dict(new.order_by().values_list("dossier").annotate(Count("pk")))
    progress = Step.objects.filter(dossier__in=dossiers).progress()
    return [
        {"dossier": dossier, "progress": progress.get(dossier.pk, Progress(0, 0)), "unread": unread.get(dossier.pk, 0)}
        for dossier in dossiers
    ]


def _tabs(dossier: Dossier, current: str, publications: list[Publication]) -> list[dict[str, Any]]:
    """The four tabs with their totals and unread numbers."""
    return [
        {
            "slug": slug,
            "label": label,
            "url": reverse("client:dossier_tab", args=[dossier.pk, slug]),
            "total": sum(publication.tab == tab for publication in publications),
            "unread": sum(publication.tab == tab and publication.unread for publication in publications),
            "current": slug == current,
        }
        for slug, (label, tab) in TABS.items()
    ]
