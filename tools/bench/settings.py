"""The portal's own settings, and what the floor needs: Django's stock session and its way to find the user."""

import os
from pathlib import Path

from portaal.settings import *  # noqa: F403 - all of them
from portaal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.sessions"]
ROOT_URLCONF = "tools.bench.urls"
SESSION_COOKIE_NAME = "floor"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend"
]  # the portal's own door does not look at it
STATIC_ROOT = Path(
    os.environ["BENCH_STATIC"]
)  # collected once, for every database that is measured
