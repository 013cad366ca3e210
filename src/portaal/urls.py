"""URLs of the portal."""

from django.conf import settings
from django.urls import include, path

from portaal.faces.shared import views

urlpatterns = [
    path("", include("portaal.faces.client.urls")),
    path("kantoor/", include("portaal.faces.office.urls")),
    path("postvak/", include("portaal.faces.mailbox.urls")),
    path("huisstijl.css", views.house_style, name="house_style"),
    path("huisstijl/logo/<uuid:pk>", views.logo, name="logo"),
    path("offline/", views.offline, name="offline"),
    path("offline.js", views.offline_worker, name="offline_worker"),
    path("csp-report", views.csp_report, name="csp_report"),
    path("gezondheid", views.health, name="health"),
]
if not settings.PRODUCTION:
    urlpatterns.append(path("galerij/", views.gallery, name="gallery"))

handler400 = "portaal.web.errors.bad_request"
handler403 = "portaal.faces.shared.errors.forbidden"
handler404 = "portaal.faces.shared.errors.not_found"
handler500 = "portaal.web.errors.broken"
