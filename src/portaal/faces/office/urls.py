from django.urls import path

from portaal.web.views import language, session

from .views import clients, documents, door, dossiers, messages, parties, replies, settings, undelivered, uploads

app_name = "office"
urlpatterns = [
    path("", dossiers.dossiers, name="home"),
    path("inloggen/", door.login, name="login"),
    path("taal/", language, name="language"),
    path("sessie/", session, name="session"),
    path("uitloggen/", door.logout, name="logout"),
    path("dossiers/", dossiers.dossiers, name="dossiers"),
    path("dossiers/nieuw/", dossiers.dossier_new, name="dossier_new"),
    path("dossiers/<uuid:pk>/", documents.dossier, name="dossier"),
    path("dossiers/<uuid:pk>/voortgang/", dossiers.progress, name="progress"),
    path("dossiers/<uuid:pk>/historie/", dossiers.history, name="history"),
    path("dossiers/<uuid:pk>/status/", dossiers.status, name="status"),
    path("dossiers/<uuid:pk>/partijen/nieuw/", parties.party_new, name="party_new"),
    path("dossiers/<uuid:pk>/afspraak/", dossiers.appointment, name="appointment"),
    path("dossiers/<uuid:pk>/berichten/", messages.conversations, name="conversations"),
    path("dossiers/<uuid:pk>/berichten/nieuw/", messages.message_new, name="message_new"),
    path("dossiers/<uuid:pk>/berichten/concept/", messages.draft, name="draft"),
    path("berichten/", messages.waiting, name="waiting"),
    path("berichten/<uuid:pk>/", messages.message, name="message"),
    path("bijlagen/<uuid:pk>/bestand/", messages.attachment, name="attachment"),
    path("antwoorden/", replies.replies, name="replies"),
    path("antwoorden/nieuw/", replies.reply_new, name="reply_new"),
    path("antwoorden/<uuid:pk>/", replies.reply, name="reply"),
    path("antwoorden/<uuid:pk>/verwijdering/", replies.reply_drop, name="reply_drop"),
    path("dossiers/<uuid:pk>/bijlagen/", uploads.upload_new, name="upload_new"),
    path("bijlagen/<uuid:pk>/", uploads.upload, name="upload"),
    path("partijen/<uuid:pk>/intrekking/", parties.party_release, name="party_release"),
    path("publicaties/<uuid:pk>/intrekking/", documents.publication_withdraw, name="publication_withdraw"),
    path("publicaties/<uuid:pk>/doorlating/", documents.publication_let_through, name="publication_let_through"),
    path("publicaties/<uuid:pk>/controle/", documents.publication_check_again, name="publication_check_again"),
    path("publicaties/<uuid:pk>/bestand/", documents.download, name="download"),
    path("stappen/<uuid:pk>/afronding/", dossiers.step_done, name="step_done"),
    path("niet-bezorgd/", undelivered.undelivered, name="undelivered"),
    path("niet-bezorgd/<uuid:pk>/", undelivered.settle, name="undelivered_settle"),
    path("instellingen/", settings.house_style, name="house_style"),
    path("instellingen/kantoor/", settings.facts, name="facts"),
    path("clienten/", clients.clients, name="clients"),
    path("clienten/nieuw/", clients.client_new, name="client_new"),
    path("clienten/<uuid:pk>/", clients.client, name="client"),
    path("clienten/<uuid:pk>/uitnodiging/", clients.invite, name="invite"),
    path("clienten/<uuid:pk>/blokkade/", clients.block, name="block"),
]
