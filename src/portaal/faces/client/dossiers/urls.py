from django.urls import path

from . import views

urlpatterns = [
    path("dossiers/", views.dossiers, name="dossiers"),
    path("dossiers/<uuid:pk>/", views.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/<slug:tab>/", views.dossier, name="dossier_tab"),
]
