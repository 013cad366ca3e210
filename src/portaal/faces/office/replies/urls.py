from django.urls import path

from . import views

urlpatterns = [
    path("antwoorden/", views.replies, name="replies"),
    path("antwoorden/nieuw/", views.reply_new, name="reply_new"),
    path("antwoorden/<uuid:pk>/", views.reply, name="reply"),
    path("antwoorden/<uuid:pk>/verwijdering/", views.reply_drop, name="reply_drop"),
]
