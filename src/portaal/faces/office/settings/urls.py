from django.urls import path

from . import views

urlpatterns = [
    path("instellingen/", views.house_style, name="house_style"),
    path("instellingen/kantoor/", views.facts, name="facts"),
]
