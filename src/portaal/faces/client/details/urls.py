from django.urls import path

from . import views

urlpatterns = [
    path("mijn-gegevens/", views.details, name="details"),
]
