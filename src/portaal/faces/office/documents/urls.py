from django.urls import path

from . import views

urlpatterns = [
    path("dossiers/<uuid:pk>/", views.publications, name="dossier"),
    path(
        "publicaties/<uuid:pk>/intrekking/", views.publication_withdraw, name="publication_withdraw"
    ),
    path(
        "publicaties/<uuid:pk>/doorlating/", views.publication_release, name="publication_release"
    ),
    path("publicaties/<uuid:pk>/controle/", views.publication_rescan, name="publication_rescan"),
    path("publicaties/<uuid:pk>/bestand/", views.download, name="download"),
]
