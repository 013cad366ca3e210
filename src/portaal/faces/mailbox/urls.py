"""URLs of /postvak/, which do not exist in production."""

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
