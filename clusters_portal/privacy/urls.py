from django.urls import path

from . import views

app_name = "privacy"

urlpatterns = [
    path("demande/", views.ask, name="ask"),
    path("demandes/", views.request_list, name="requests"),
    path("demandes/<int:pk>/", views.request_page, name="request"),
    path("registre/", views.register, name="register"),
    path("registre-<slug:lang>.pdf", views.register_pdf, name="register_pdf"),
]
