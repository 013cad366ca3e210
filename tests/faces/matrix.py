"""Rows and columns of docs/authorisation.md: routes with objects, and people."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.people import Cast

from portaal.domain.identity.models import Session, User
from portaal.domain.jobs.models import Job
from portaal.faces.shared.sessions import hash_cookie

PEOPLE = [
    "anonymous",
    "sanne",
    "emre",
    "ties",
    "olga",
    "anker",
    "granted",
    "ungranted",
    "marieke",
    "joost",
    "ina",
]
NOWHERE = UUID(int=1)

# Objects of each route: '' is none, 'nowhere' one that does not exist.
DOSSIERS = ["purchase", "holding", "secret", "nowhere"]
PUBLICATIONS = ["sanne", "emre", "ties", "anker", "secret", "withdrawn", "nowhere"]
MESSAGES = ["sanne", "emre", "anker", "secret", "asked", "nowhere"]
ROUTES: dict[str, list[str]] = {
    "house_style": [""],
    "logo": ["nowhere"],
    "offline": [""],
    "offline_worker": [""],
    "csp_report": [""],
    "health": [""],
    "gallery": [""],
    "client:home": [""],
    "client:login": [""],
    "client:logout": [""],
    "client:welcome": [""],
    "client:password_request": [""],
    "client:password_requested": [""],
    "client:password_set": [""],
    "client:password_link": ["token"],
    "client:language": [""],
    "client:session": [""],
    "client:details": [""],
    "client:actions": [""],
    "client:dossiers": [""],
    "client:dossier": DOSSIERS,
    "client:dossier_tab": DOSSIERS,
    "client:download": PUBLICATIONS,
    "client:message_new": DOSSIERS,
    "client:draft": DOSSIERS,
    "client:message": MESSAGES,
    "client:reply": MESSAGES,
    "client:attachment": MESSAGES,
    "client:attachment_shown": MESSAGES,
    "client:upload_new": DOSSIERS,
    "client:upload": ["sanne", "marieke", "nowhere"],
    "office:home": [""],
    "office:login": [""],
    "office:logout": [""],
    "office:language": [""],
    "office:session": [""],
    "office:dossiers": [""],
    "office:dossier_new": [""],
    "office:dossier": DOSSIERS,
    "office:progress": DOSSIERS,
    "office:history": DOSSIERS,
    "office:status": DOSSIERS,
    "office:appointment": DOSSIERS,
    "office:conversations": DOSSIERS,
    "office:message_new": DOSSIERS,
    "office:draft": DOSSIERS,
    "office:waiting": [""],
    "office:message": MESSAGES,
    "office:attachments": MESSAGES,
    "office:attachment": MESSAGES,
    "office:attachment_shown": MESSAGES,
    "office:attachment_release": MESSAGES,
    "office:attachment_rescan": MESSAGES,
    "office:replies": [""],
    "office:reply_new": [""],
    "office:reply": ["office", "marieke", "nowhere"],
    "office:reply_drop": ["office", "marieke", "nowhere"],
    "office:party_new": DOSSIERS,
    "office:party_release": ["sanne", "secret", "nowhere"],
    "office:publication_withdraw": ["sanne", "secret", "nowhere"],
    "office:publication_release": ["sanne", "secret", "nowhere"],
    "office:publication_rescan": ["sanne", "secret", "nowhere"],
    "office:download": ["sanne", "secret", "withdrawn", "nowhere"],
    "office:upload_new": DOSSIERS,
    "office:upload": ["sanne", "marieke", "nowhere"],
    "office:step_done": DOSSIERS,
    "office:undelivered": [""],
    "office:undelivered_settle": ["job", "nowhere"],
    "office:house_style": [""],
    "office:facts": [""],
    "office:clients": [""],
    "office:client_new": [""],
    "office:client": ["sanne", "nowhere"],
    "office:invite": ["sanne", "nowhere"],
    "office:block": ["sanne", "nowhere"],
}


def address(route: str, thing: str, cast: Cast) -> str:
    """Return the path of a route for an object of the cast."""
    if not thing:
        return reverse(route)
    if thing == "job":
        return reverse(route, args=[Job.objects.filter(state=Job.State.DEAD)[0].pk])
    if thing == "token":
        return reverse(route, args=["nobodys-token"])
    if thing == "nowhere":
        return reverse(
            route, args=[NOWHERE, "documenten"] if route == "client:dossier_tab" else [NOWHERE]
        )
    if route == "client:dossier_tab":
        return reverse(route, args=[cast.dossiers[thing].pk, "documenten"])
    if route == "office:step_done":
        return reverse(route, args=[cast.dossiers[thing].steps.all()[0].pk])
    if route == "office:party_release":
        return reverse(route, args=[cast.parties[thing].pk])
    if route in ("client:upload", "office:upload"):
        return reverse(route, args=[cast.uploads[thing].pk])
    if route in ("client:download", "office:download") or route.startswith("office:publication_"):
        return reverse(route, args=[cast.publications[thing].pk])
    if route in ("client:message", "client:reply", "office:message", "office:attachments"):
        return reverse(route, args=[cast.messages[thing].pk])
    if route.partition(":")[2].startswith("attachment"):
        return reverse(route, args=[cast.messages[thing].attachments.get().pk])
    if route in ("office:reply", "office:reply_drop"):
        return reverse(route, args=[cast.replies[thing].pk])
    if route in ("office:client", "office:invite", "office:block"):
        return reverse(route, args=[cast.clients[thing].pk])
    return reverse(route, args=[cast.dossiers[thing].pk])


def browser_of(user: User | None, *, enforce_csrf_checks: bool = False) -> Client:
    """Return a browser in which this user is logged in; anonymous for None."""
    browser = Client(enforce_csrf_checks=enforce_csrf_checks, raise_request_exception=False)
    if user is not None:
        cookie = f"cookie-of-{user.pk}"
        face = "office" if user.is_staff else "client"
        Session.objects.create(key_hash=hash_cookie(cookie), face=face, user=user)
        browser.cookies[settings.OFFICE_COOKIE if user.is_staff else settings.CLIENT_COOKIE] = (
            cookie
        )
    return browser
