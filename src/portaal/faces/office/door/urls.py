from django.urls import path

from portaal.faces.shared.views import language, session

from . import views

urlpatterns = [
    path("inloggen/", views.login, name="login"),
    path("taal/", language, name="language"),
    path("sessie/", session, name="session"),
    path("uitloggen/", views.logout, name="logout"),
]
