from django.urls import path

from . import views

urlpatterns = [
    path("acties/", views.actions, name="actions"),
]
