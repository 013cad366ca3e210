"""Dossiers (manual 2.1): the list, and one dossier with its progress and four tabs."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portaal.domain.accounts.models import User
from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier
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
    statuses = list(
        Status.objects.filter(pk__in=mine.order_by().values("status")).annotate(
            count=Subquery(mine.order_by().filter(status=OuterRef("pk")).values("status").annotate(n=Count("pk")).values("n"))
        )
    )
    total = sum(status.count for status in statuses)
    if total == 1 and not request.GET:
        return redirect("client:dossier", pk=mine.get().pk)
    form = SearchForm(request.GET, [status.pk for status in statuses])
    form.is_valid()
    found = mine.found_by(form.cleaned_data.get("q", ""))
    if chosen := form.cleaned_data.get("status"):
        found = found.filter(status__in=chosen)
    rows = found.select_related("status").with_progress().annotate(unread=_unread_count(request.user))
    return show(
        request,
        "dossiers.html",
        section="dossiers",
        form=form,
        q=form.cleaned_data.get("q", ""),
        total=total,
        statuses=[{"status": status, "count": status.count, "chosen": str(status.pk) in (chosen or [])} for status in statuses],
        page_obj=Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    )


@client
@require_safe
def dossier(request: HttpRequest, pk: Any, tab: str = "correspondentie") -> HttpResponse:
    mine = Dossier.objects.visible_to(request.user).select_related("status", "type", "handler")
    others = Exists(Dossier.objects.visible_to(request.user).exclude(pk=pk))
    dossier = get_object_or_404(mine.with_progress().annotate(has_others=others), pk=pk)
    if tab not in TABS:
        raise Http404
    publications = Publication.objects.visible_to(request.user).filter(dossier=dossier).with_unread(request.user)
    stands_in = TABS[tab][1]
    steps = list(dossier.steps.all())
    return show(
        request,
        "dossier.html",
        section="dossiers",
        dossier=dossier,
        progress=dossier.progress,
        steps=steps,
        next_step=next((step for step in steps if step.done_at is None), None),
        tab=tab,
        tabs=_tabs(dossier, tab, publications),
        rows=publications.filter(tab=stands_in).select_related("file") if stands_in else [],
    )


def _tabs(dossier: Dossier, current: str, publications: QuerySet[Publication]) -> list[dict[str, Any]]:
    """The four tabs with their totals and unread numbers, in one statement."""
    counts = publications.order_by().aggregate(
        **{f"{tab}_total": Count("pk", filter=Q(tab=tab)) for tab in Publication.Tab.values},
        **{f"{tab}_unread": Count("pk", filter=Q(tab=tab, unread=True)) for tab in Publication.Tab.values},
    )
    return [
        {
            "slug": slug,
            "label": label,
            "url": reverse("client:dossier_tab", args=[dossier.pk, slug]),
            "total": counts[f"{tab}_total"] if tab else 0,
            "unread": counts[f"{tab}_unread"] if tab else 0,
            "current": slug == current,
        }
        for slug, (label, tab) in TABS.items()
    ]


def _unread_count(user: User) -> Coalesce:
    unread = Publication.objects.visible_to(user).unread_by(user).filter(dossier=OuterRef("pk")).order_by()
    return Coalesce(Subquery(unread.values("dossier").annotate(n=Count("pk")).values("n")), 0)
