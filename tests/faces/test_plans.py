"""Every query of every page uses an index: no list reads a whole table."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.urls import reverse
from tests.people import Cast
from tests.queries import statements

from portaal.domain.messaging.models import Message

from .matrix import browser_of

SMALL = {
    "office_office",
    "office_status",
    "office_dossiertype",
}  # an office's own lists, read whole
# Queries that may read a whole table, with the reason.
WHOLE = {
    ("office list", "dossiers_dossier"): "counts at most a thousand, in any order",
    ("office clients", "clients_client"): "counts at most a thousand, in any order",
    ("office list with search", "dossiers_dossier"): "a search looks inside every description",
    ("office clients with search", "clients_client"): "a search looks inside every name",
}


def pages(cast: Cast) -> dict[str, dict[str, str]]:
    dossier = cast.dossiers["purchase"].pk
    return {
        "emre": {
            "home": "/",
            "list": "/dossiers/",
            "list of a status": f"/dossiers/?status={cast.in_progress.pk}",
            "list with search": "/dossiers/?q=levering",
            "dossier": reverse("client:dossier", args=[dossier]),
            "documents": reverse("client:dossier_tab", args=[dossier, "documenten"]),
            "details": "/mijn-gegevens/",
            "messages": reverse("client:dossier_tab", args=[dossier, "berichten"]),
            "provided": reverse("client:dossier_tab", args=[dossier, "aangeleverd"]),
            "message": reverse("client:message", args=[cast.messages["emre"].pk]),
            "answer": reverse("client:reply", args=[cast.messages["emre"].pk]),
        },
        "marieke": {
            "office list": "/kantoor/dossiers/",
            "office list of a status": f"/kantoor/dossiers/?status={cast.in_progress.pk}",
            "office list with search": "/kantoor/dossiers/?q=levering",
            "office list of mine": "/kantoor/dossiers/?mine=on",
            "office dossier": reverse("office:dossier", args=[dossier]),
            "office progress": reverse("office:progress", args=[dossier]),
            "office history": reverse("office:history", args=[dossier]),
            "office clients": "/kantoor/clienten/",
            "office clients with search": "/kantoor/clienten/?q=jansen",
            "office client": reverse("office:client", args=[cast.clients["sanne"].pk]),
            "office not delivered": "/kantoor/niet-bezorgd/",
            "office waiting": reverse("office:waiting"),
            "office conversations": reverse("office:conversations", args=[dossier]),
            "office conversation": reverse("office:message", args=[cast.messages["asked"].pk]),
            "office new message": reverse("office:message_new", args=[dossier]),
            "office replies": reverse("office:replies"),
        },
    }


def test_every_query_uses_an_index(cast: Cast) -> None:
    found = set()
    for person, addresses in pages(cast).items():
        browser = browser_of(cast.users[person])
        for name, address in addresses.items():
            with statements() as queries:
                assert browser.get(address).status_code == 200
            for query in queries:
                found |= {(name, table) for table in scanned(*query)}
    assert {(name, table) for name, table in found if table not in SMALL} - set(WHOLE) == set()


def test_pending_messages_are_searched_from_the_messages(cast: Cast) -> None:
    """PostgreSQL overestimates pending messages: joined, it would read every dossier first."""
    plan = "\n".join(
        planned(*Message.objects.pending_for(cast.users["marieke"]).query.sql_with_params())
    )
    assert "messaging_pending" in plan
    assert "CORRELATED SCALAR SUBQUERY" in plan or "SubPlan" in plan


def scanned(sql: str, values: Any) -> set[str]:
    """Return the tables that a query reads whole, as PostgreSQL may with few rows."""
    if not sql.lstrip().upper().startswith("SELECT"):
        return set()
    plan = planned(sql, values)
    if connection.vendor == "postgresql":
        return set(re.findall(r"Seq Scan on (\w+)", "\n".join(plan)))
    names = dict(re.findall(r'"(\w+)" (U?[A-Z]\d+)', sql))
    aliases = {alias: table for table, alias in names.items()}
    hits = [re.match(r"SCAN (\w+)\b(?! .*USING (?:COVERING )?INDEX)", step) for step in plan]
    return {aliases.get(hit[1], hit[1]) for hit in hits if hit} & set(
        connection.introspection.table_names()
    )


def planned(sql: str, values: Any) -> list[str]:
    """Return the lines of the plan, in PostgreSQL as if its tables were large."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            return [row[3] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", values)
        return [row[0] for row in cursor.fetchall()]
