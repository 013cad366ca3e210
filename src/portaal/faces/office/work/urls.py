from django.urls import path

from . import views

urlpatterns = [
    path("berichten/", views.waiting, name="waiting"),
    path("niet-bezorgd/", views.undelivered, name="undelivered"),
    path("niet-bezorgd/<uuid:pk>/", views.resolve, name="undelivered_settle"),
]
