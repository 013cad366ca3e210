"""/postvak/: in demo and development only. In production these addresses do not exist."""

from django.conf import settings
from django.urls import path

from . import views

app_name = "mailbox"
urlpatterns = (
    []
    if settings.PRODUCTION
    else [
        path("", views.index, name="index"),
        path("berichten.json", views.berichten, name="json"),
        path("<str:name>/", views.mail, name="mail"),
    ]
)
