"""Details of the client ("Mijn gegevens", manual 2.2): language and notifications."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portaal.domain.clients.models import Membership
from portaal.domain.notifications.models import Preference
from portaal.domain.notifications.verbs import save_preferences
from portaal.faces.shared.access import ClientRequest, client
from portaal.faces.shared.kept_forms import typed
from portaal.web.language import remember

from ..page import show
from .forms import LanguageForm, NoticesForm


@client
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: ClientRequest) -> HttpResponse:
    user = request.user
    preference = Preference.of(user)
    saved = {
        name: getattr(preference, name) for name in ("documents", "questionnaires", "messages")
    }
    language = LanguageForm(
        request.POST or None, initial=typed(request, LanguageForm) or {"language": user.language}
    )
    notices = NoticesForm(request.POST or None, initial=typed(request, NoticesForm) or saved)
    if request.method == "POST" and language.is_valid() and notices.is_valid():
        user = save_preferences(
            user, by=user, language=language.cleaned_data["language"], **notices.cleaned_data
        )
        with translation.override(user.language):
            messages.success(request, _("Your choices have been saved."))
        response = redirect("client:details")
        remember(response, user.language)
        return response
    return show(
        request,
        "details/details.html",
        section="details",
        status=400 if language.errors else 200,
        form_language=language,
        form_notices=notices,
        memberships=Membership.objects.of(user).select_related("client"),
        first=bool(request.session.pop("first_time", False)),
    )
