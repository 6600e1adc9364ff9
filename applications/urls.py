"""Addresses of the middle floor: public pages, applicants, DPTC staff."""

from django.urls import path

from .views import admissibility, deposit, documents, dossiers, downloads, imports, public, reading, receipts, rows, steps, verify, worklist

app_name = "applications"

urlpatterns = [
    path("", public.home, name="home"),
    path("appels/<slug:slug>/", public.call_detail, name="call_detail"),
    path("appels/<slug:slug>/cahier-des-charges/", public.specifications, name="specifications"),
    path("appels/<slug:slug>/cahier-des-charges-<slug:lang>.pdf", downloads.specifications, name="specifications_pdf"),
    path("appels/<slug:slug>/declaration-sur-l-honneur-<slug:lang>.pdf", downloads.declaration_model, name="declaration_model"),
    path("donnees-personnelles/", public.privacy, name="privacy"),
    path("accessibilite/", public.accessibility, name="accessibility"),
    path("conditions/", public.terms, name="terms"),
    path("verifier/", verify.verify_form, name="verify_form"),
    path("verifier/<str:number>/", verify.verify, name="verify"),
    path("dossiers/<uuid:pk>/recepisse/<str:lang>.pdf", receipts.receipt_document, name="receipt_pdf"),
    path("dossiers/<uuid:pk>/recepisse/dossier.json", receipts.receipt_snapshot, name="receipt_snapshot"),
    path("instruction/", worklist.worklist, name="worklist"),
    path("instruction/<uuid:pk>/", reading.reading, name="reading"),
    path("instruction/<uuid:pk>/recevabilite/", admissibility.admissibility, name="admissibility"),
    path("instruction/<uuid:pk>/responsable/", reading.assign_officer, name="assign"),
    path("dossiers/", dossiers.my_applications, name="my_applications"),
    path("dossiers/nouveau/<slug:slug>/", dossiers.application_create, name="application_create"),
    path("dossiers/<uuid:pk>/", dossiers.task_list, name="task_list"),
    path("dossiers/<uuid:pk>/etape/<slug:slug>/", steps.step, name="step"),
    path("dossiers/<uuid:pk>/etape/<slug:slug>/apercu/", steps.step_preview, name="step_preview"),
    path("dossiers/<uuid:pk>/etape/<slug:slug>/<slug:part>/ajouter/", rows.row, name="row_add"),
    path("dossiers/<uuid:pk>/etape/<slug:slug>/<slug:part>/<int:row_id>/", rows.row, name="row"),
    path("dossiers/<uuid:pk>/etape/<slug:slug>/<slug:part>/<int:row_id>/supprimer/", rows.row_delete, name="row_delete"),
    path("dossiers/<uuid:pk>/pieces/<str:code>/", documents.upload, name="upload"),
    path("documents/<uuid:pk>/", documents.document_download, name="document_download"),
    path("documents/<uuid:pk>/retirer/", documents.document_remove, name="document_remove"),
    path("dossiers/<uuid:pk>/verifier/", deposit.check, name="check"),
    path("dossiers/<uuid:pk>/declarer/", deposit.declare, name="declare"),
    path("dossiers/<uuid:pk>/recepisse/", deposit.receipt, name="receipt"),
    path("dossiers/<uuid:pk>/membres/importer/", imports.members_file, name="members_file"),
    path("dossiers/<uuid:pk>/membres/coller/", imports.members_paste, name="members_paste"),
    path("dossiers/<uuid:pk>/membres/importer/colonnes/", imports.members_columns, name="members_columns"),
    path("dossiers/<uuid:pk>/membres/importer/apercu/", imports.members_preview, name="members_preview"),
]
