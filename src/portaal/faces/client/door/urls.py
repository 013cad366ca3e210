from django.urls import path

from portaal.faces.shared.views import language, session

from . import views

urlpatterns = [
    path("inloggen/", views.login, name="login"),
    path("uitloggen/", views.logout, name="logout"),
    path("welkom/", views.welcome, name="welcome"),
    path("wachtwoord/", views.password_request, name="password_request"),
    path("wachtwoord/verstuurd/", views.password_requested, name="password_requested"),
    path("wachtwoord/instellen/", views.password_set, name="password_set"),
    path("wachtwoord/<str:token>/", views.password_link, name="password_link"),
    path("taal/", language, name="language"),
    path("sessie/", session, name="session"),
]
