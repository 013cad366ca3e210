"""Actions ("Acties"): requests of the office to the client."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from portaal.faces.shared.access import ClientRequest, client

from ..page import show


@client
@require_safe
def actions(request: ClientRequest) -> HttpResponse:
    return show(request, "requests/actions.html", section="actions")
