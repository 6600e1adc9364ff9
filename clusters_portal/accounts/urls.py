from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("", views.landing, name="landing"),
    path("profil/", views.profile, name="profile"),
    path("second-facteur/", views.second_factor, name="second_factor"),
    path("mes-donnees/", views.my_data, name="my_data"),
    path("mes-donnees/donnees.json", views.my_data_file, name="my_data_file"),
    path("session/", views.session_status, name="session_status"),
    path("session/prolonger/", views.session_extend, name="session_extend"),
]
