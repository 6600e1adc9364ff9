from django.urls import path  # noqa

app_name = "evaluation"
urlpatterns = []
