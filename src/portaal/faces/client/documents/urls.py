from django.urls import path

from . import views

urlpatterns = [
    path("publicaties/<uuid:pk>/bestand/", views.download, name="download"),
]
