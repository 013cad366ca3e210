from .clients import urls as clients
from .documents import urls as documents
from .door import urls as door
from .dossiers import urls as dossiers
from .messages import urls as messages
from .replies import urls as replies
from .settings import urls as settings
from .work import urls as work

app_name = "office"
urlpatterns = [
    *dossiers.urlpatterns,
    *documents.urlpatterns,
    *messages.urlpatterns,
    *work.urlpatterns,
    *replies.urlpatterns,
    *clients.urlpatterns,
    *settings.urlpatterns,
    *door.urlpatterns,
]
