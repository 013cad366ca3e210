"""What goes wrong while a file is sent, as one sentence: the uploader shows it as it is, where a page would be no use."""

from __future__ import annotations

import errno

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

TUS = "Tus-Resumable"  # the header by which the uploader is known, in its questions and in every answer
TUS_VERSION = "1.0.0"


def wants_sentence(request: HttpRequest) -> bool:
    return TUS in request.headers


def plain(status: int, sentence: str, **headers: str) -> HttpResponse:
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    response.headers[TUS] = TUS_VERSION
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def sentence_of(status: int) -> str:
    """What is said where nobody has a better word for it."""
    return {
        401: _("You have been logged out. Log in again, then choose the file once more."),
        403: _("Adding files is not possible here. Reload the page and try again."),
        404: _("This file is not there any more. Choose it again."),
        429: _("Many files were sent in a short while. Try again later."),
        507: _("There is no room for files at this moment. Try again later, or call us."),
        503: _("The portal is busy. The file has not been lost: wait half a minute and try again."),
    }.get(status, _("The file could not be sent. Try again, or call us."))


def is_full(fault: OSError) -> bool:
    return fault.errno in (errno.ENOSPC, errno.EDQUOT)


def sentence_of_disk(fault: OSError) -> str:
    """Why the store did not keep a file."""
    return sentence_of(507) if is_full(fault) else sentence_of(500)
