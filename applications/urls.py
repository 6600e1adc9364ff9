"""Addresses of the middle floor: public pages, applicants, DPTC staff."""

from django.urls import path

from .views import public

app_name = "applications"

urlpatterns = [
    path("", public.home, name="home"),
    path("appels/<slug:slug>/", public.call_detail, name="call_detail"),
    path("donnees-personnelles/", public.privacy, name="privacy"),
    path("accessibilite/", public.accessibility, name="accessibility"),
    path("conditions/", public.terms, name="terms"),
]
