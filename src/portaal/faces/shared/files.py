"""Opening, releasing and rescanning the file of a holder, for the views of both faces."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from portaal.domain.files import verbs
from portaal.domain.files.holders import FileHolder

from .downloads import file_response, zip_response
from .sessions import UserRequest


def download(request: UserRequest, holder: FileHolder, *, name: str = "") -> StreamingHttpResponse:
    """Send the file as it was received; `name` as in `file_response`."""
    return file_response(verbs.download(holder, by=request.user), name=name)


def view_inline(request: UserRequest, holder: FileHolder) -> StreamingHttpResponse:
    """View inline ("Bekijken"); of a HEIC photo, the copy that browsers can show."""
    return file_response(verbs.view(holder, by=request.user), inline=True)


def download_all(
    request: UserRequest, holders: Iterable[FileHolder], name: str
) -> StreamingHttpResponse:
    """Send the files in one ZIP called `name`, except those that cannot be opened yet."""
    return zip_response(verbs.download_all(holders, by=request.user), name)


def release(request: UserRequest, holder: FileHolder) -> None:
    """Release a quarantined file, and say on the next page if it can be opened."""
    if holder.file.is_clean:
        messages.info(request, _("A colleague had done this already."))
    if verbs.release(holder, by=request.user).is_clean:
        messages.success(request, _("The file can be opened from now on."))


def rescan(request: UserRequest, holder: FileHolder) -> None:
    """Have a quarantined file checked again, and say so on the next page."""
    verbs.rescan(holder, by=request.user)
    messages.success(request, _("The file is being checked again. Reload this page in a minute."))
