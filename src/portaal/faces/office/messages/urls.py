from django.urls import path

from portaal.faces.shared.uploads import views as uploads

from . import views

urlpatterns = [
    path("dossiers/<uuid:pk>/berichten/", views.conversations, name="conversations"),
    path("dossiers/<uuid:pk>/berichten/nieuw/", views.message_new, name="message_new"),
    path("dossiers/<uuid:pk>/berichten/concept/", views.draft, name="draft"),
    path("berichten/<uuid:pk>/", views.message, name="message"),
    path("berichten/<uuid:pk>/bijlagen/", views.attachments, name="attachments"),
    path("bijlagen/<uuid:pk>/bestand/", views.attachment, name="attachment"),
    path("bijlagen/<uuid:pk>/inzage/", views.attachment_shown, name="attachment_shown"),
    path("bijlagen/<uuid:pk>/doorlating/", views.attachment_release, name="attachment_release"),
    path("bijlagen/<uuid:pk>/controle/", views.attachment_rescan, name="attachment_rescan"),
    path("dossiers/<uuid:pk>/bijlagen/", uploads.upload_new, name="upload_new"),
    path("bijlagen/<uuid:pk>/", uploads.upload, name="upload"),
]
