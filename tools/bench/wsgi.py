"""WSGI application of the portal and, in the same processes, of the floor.

The floor is Django with two middlewares.
"""

from collections.abc import Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test.utils import override_settings

from . import FLOOR

STOCK = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

portal = get_wsgi_application()
with override_settings(MIDDLEWARE=STOCK):
    floor = WSGIHandler()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return (floor if environ["PATH_INFO"] == FLOOR else portal)(environ, start_response)
