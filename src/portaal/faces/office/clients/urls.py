from django.urls import path

from . import views

urlpatterns = [
    path("clienten/", views.clients, name="clients"),
    path("clienten/nieuw/", views.client_new, name="client_new"),
    path("clienten/<uuid:pk>/", views.client, name="client"),
    path("clienten/<uuid:pk>/uitnodiging/", views.invite, name="invite"),
    path("clienten/<uuid:pk>/blokkade/", views.block, name="block"),
]
