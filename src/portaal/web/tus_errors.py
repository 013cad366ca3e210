"""Errors of an upload as one sentence of plain text, which the uploader shows as it is."""

from __future__ import annotations

import errno

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portaal.domain.problems import Problem

TUS = "Tus-Resumable"  # header of every tus request and response
TUS_VERSION = "1.0.0"


def is_tus_request(request: HttpRequest) -> bool:
    return TUS in request.headers


def text_response(status: int, sentence: str, **headers: str) -> HttpResponse:
    """Return plain text with tus headers. In the names of `headers`, `_` stands for `-`."""
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response.headers[TUS] = TUS_VERSION
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def sentence_response(problem: Problem) -> HttpResponse:
    """Return a problem as its sentence."""
    response = text_response(problem.status, problem.text or sentence_for(problem.status))
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def sentence_for(status: int) -> str:
    """Return the general sentence for a status, where the caller has no better one."""
    return {
        401: _("You have been logged out. Log in again, then choose the file once more."),
        403: _("Adding files is not possible here. Reload the page and try again."),
        404: _("This file is not there any more. Choose it again."),
        409: _("The file goes on at another place. Try again."),
        410: _("This file is not there any more. Choose it again."),
        429: _("Many files were sent in a short while. Try again later."),
        507: _("There is no room for files at this moment. Try again later, or call us."),
        503: _("The portal is busy. The file has not been lost: wait half a minute and try again."),
    }.get(status, _("The file could not be sent. Try again, or call us."))


def is_full(error: OSError) -> bool:
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def sentence_for_disk(error: OSError) -> str:
    """Return the reason why the store did not keep a file."""
    return sentence_for(507) if is_full(error) else sentence_for(500)
