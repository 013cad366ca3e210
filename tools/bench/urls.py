"""The portal's addresses and one more: the floor."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portaal.urls import handler400, handler403, handler404, handler500, urlpatterns

from . import FLOOR

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def floor(request: HttpRequest) -> HttpResponse:
    """The least that a page of a logged-in person can be: the session, the user, a fixed text."""
    text = "floor" if request.user.is_authenticated else "nobody"
    return HttpResponse(text, headers={"Content-Length": str(len(text))})


urlpatterns = [path(FLOOR[1:], floor), *urlpatterns]
