"""Root addresses. The ground floor knows the two domain apps only by the names of their URL modules."""

from django.contrib import admin
from django.templatetags.static import static
from django.urls import include, path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from . import guide, well_known
from .operations import views as operations

urlpatterns = [
    path("favicon.ico", RedirectView.as_view(url=lazy(static, str)("img/favicon.svg"), http_method_names=["get", "head"]), name="favicon"),
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("metrics", operations.prometheus, name="metrics"),
    path("espace/etat/", include("clusters_portal.operations.urls")),
    path(".well-known/security.txt", well_known.security_txt, name="security_txt"),
    path("aide/", guide.index, name="guide"),
    path("aide/<slug:slug>/", guide.guide_page, name="guide_page"),
    path("", include("applications.urls")),
    path("", include("evaluation.urls")),
    path("espace/donnees/", include("clusters_portal.privacy.urls")),
    path("espace/avis/", include("clusters_portal.notifications.urls")),
    path("espace/", include("clusters_portal.accounts.urls")),
    path("compte/", include("allauth.urls")),
    path("langue/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

handler400 = "clusters_portal.errors.bad_request"
handler403 = "clusters_portal.errors.permission_denied"
handler404 = "clusters_portal.errors.not_found"
handler429 = "clusters_portal.errors.too_many"
handler500 = "clusters_portal.errors.server_error"
