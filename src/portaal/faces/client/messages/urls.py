from django.urls import path

from portaal.faces.shared.uploads import views as uploads

from . import views

urlpatterns = [
    path("dossiers/<uuid:pk>/berichten/nieuw/", views.message_new, name="message_new"),
    path("dossiers/<uuid:pk>/berichten/concept/", views.draft, name="draft"),
    path("berichten/<uuid:pk>/", views.message, name="message"),
    path("berichten/<uuid:pk>/antwoord/", views.reply, name="reply"),
    path("bijlagen/<uuid:pk>/bestand/", views.attachment, name="attachment"),
    path("bijlagen/<uuid:pk>/inzage/", views.attachment_shown, name="attachment_shown"),
    path("dossiers/<uuid:pk>/bijlagen/", uploads.upload_new, name="upload_new"),
    path("bijlagen/<uuid:pk>/", uploads.upload, name="upload"),
]
