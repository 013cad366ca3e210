from django.urls import path

from . import parties, views

urlpatterns = [
    path("", views.dossiers, name="home"),
    path("dossiers/", views.dossiers, name="dossiers"),
    path("dossiers/nieuw/", views.dossier_new, name="dossier_new"),
    path("dossiers/<uuid:pk>/voortgang/", views.progress, name="progress"),
    path("dossiers/<uuid:pk>/historie/", views.history, name="history"),
    path("dossiers/<uuid:pk>/status/", views.status, name="status"),
    path("dossiers/<uuid:pk>/partijen/nieuw/", parties.party_new, name="party_new"),
    path("dossiers/<uuid:pk>/afspraak/", views.appointment, name="appointment"),
    path("partijen/<uuid:pk>/intrekking/", parties.party_release, name="party_release"),
    path("stappen/<uuid:pk>/afronding/", views.step_done, name="step_done"),
]
