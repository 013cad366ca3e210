"""URLs of the portal, and the floor."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portaal.urls import handler400, handler403, handler404, handler500, urlpatterns

from . import FLOOR

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def floor(request: HttpRequest) -> HttpResponse:
    """Return the smallest page of a logged-in person: session, user, fixed text."""
    text = "floor" if request.user.is_authenticated else "nobody"
    return HttpResponse(text, headers={"Content-Length": str(len(text))})


urlpatterns = [path(FLOOR[1:], floor), *urlpatterns]
