from .details import urls as details
from .documents import urls as documents
from .door import urls as door
from .dossiers import urls as dossiers
from .home import urls as home
from .messages import urls as messages
from .requests import urls as requests

app_name = "client"
urlpatterns = [
    *home.urlpatterns,
    *door.urlpatterns,
    *details.urlpatterns,
    *requests.urlpatterns,
    *messages.urlpatterns,
    *documents.urlpatterns,
    *dossiers.urlpatterns,  # last: `<slug:tab>` matches the paths of other families too
]
