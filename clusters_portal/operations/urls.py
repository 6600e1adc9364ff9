from django.urls import path

from . import views

app_name = "operations"

urlpatterns = [
    path("", views.status, name="status"),
    path("courriels/<int:pk>/", views.mail_again, name="mail_again"),
    path("taches/<int:pk>/", views.task_again, name="task_again"),
]
