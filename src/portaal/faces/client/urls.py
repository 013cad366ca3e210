from django.urls import path

from portaal.web.views import language, session

from .views import actions, details, documents, door, dossiers, home, messages, uploads

app_name = "client"
urlpatterns = [
    path("", home.home, name="home"),
    path("inloggen/", door.login, name="login"),
    path("uitloggen/", door.logout, name="logout"),
    path("welkom/", door.welcome, name="welcome"),
    path("wachtwoord/", door.password_request, name="password_request"),
    path("wachtwoord/verstuurd/", door.password_requested, name="password_requested"),
    path("wachtwoord/instellen/", door.password_set, name="password_set"),
    path("wachtwoord/<str:token>/", door.password_link, name="password_link"),
    path("taal/", language, name="language"),
    path("sessie/", session, name="session"),
    path("mijn-gegevens/", details.details, name="details"),
    path("acties/", actions.actions, name="actions"),
    path("dossiers/", dossiers.dossiers, name="dossiers"),
    path("dossiers/<uuid:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/berichten/nieuw/", messages.message_new, name="message_new"),
    path("dossiers/<uuid:pk>/berichten/concept/", messages.draft, name="draft"),
    path("berichten/<uuid:pk>/", messages.message, name="message"),
    path("berichten/<uuid:pk>/antwoord/", messages.reply, name="reply"),
    path("bijlagen/<uuid:pk>/bestand/", messages.attachment, name="attachment"),
    path("bijlagen/<uuid:pk>/inzage/", messages.attachment_shown, name="attachment_shown"),
    path("dossiers/<uuid:pk>/bijlagen/", uploads.upload_new, name="upload_new"),
    path("bijlagen/<uuid:pk>/", uploads.upload, name="upload"),
    path("dossiers/<uuid:pk>/<slug:tab>/", dossiers.dossier, name="dossier_tab"),
    path("publicaties/<uuid:pk>/bestand/", documents.download, name="download"),
]
