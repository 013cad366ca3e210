"""The demonstration mailbox: every e-mail as its receiver sees it."""

from __future__ import annotations

from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portaal.faces.shared.access import public
from portaal.gateways import mailbox
from portaal.web.pages import PER_PAGE

# An e-mail has inline styles only: no scripts, pictures or forms.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    messages = [
        {**message, "at": datetime.fromisoformat(message["sent_at"])}
        for message in mailbox.messages()
    ]
    page = Paginator(messages, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "mailbox/index.html", {"page_obj": page})


@public
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    message = mailbox.message(name)
    if message is None:
        raise Http404
    if not message["html"]:
        return HttpResponse(message["text"], content_type="text/plain; charset=utf-8")
    return HttpResponse(message["html"], headers={"Content-Security-Policy": MAIL_POLICY})


@public
@require_safe
def berichten(request: HttpRequest) -> JsonResponse:
    """Return the list as JSON, newest first, for tools."""
    return JsonResponse(list(mailbox.messages()), safe=False)
