"""Addresses of the judging floor."""

from django.urls import path

from evaluation.views import advice, archive, assignments, committee, dashboard, evaluators, packs, rankings, reading, scoring, shortlists

app_name = "evaluation"

urlpatterns = [
    path("evaluation/", evaluators.my_evaluations, name="my_evaluations"),
    path("evaluation/dossiers/<uuid:pk>/", reading.dossier, name="dossier"),
    path("evaluation/dossiers/<uuid:pk>/interets/", evaluators.declare, name="declare"),
    path("evaluation/dossiers/<uuid:pk>/notation/", scoring.evaluate, name="evaluate"),
    path("evaluation/dossiers/<uuid:pk>/notation/total/", scoring.total, name="total"),
    path("evaluation/dossiers/<uuid:pk>/pieces/<uuid:document>/", reading.document, name="document"),
    path("evaluation/fiches/<int:pk>/", scoring.sheet, name="sheet"),
    path("evaluation/fiches/<int:pk>/rouvrir/", scoring.reopen, name="reopen"),
    path("evaluation/affectations/", assignments.index, name="assignments"),
    path("evaluation/affectations/<slug:slug>/", assignments.matrix, name="call_assignments"),
    path("evaluation/affectations/<slug:slug>/ajouter/", assignments.add, name="assign"),
    path("evaluation/affectations/<slug:slug>/tous/", assignments.everyone, name="assign_all"),
    path("evaluation/affectations/<slug:slug>/retirer/<int:pk>/", assignments.remove, name="release"),
    path("evaluation/affectations/<slug:slug>/interets/<int:pk>/", assignments.rule, name="rule"),
    path("evaluation/dossiers/<uuid:pk>/dossier-d-evaluation-<slug:lang>.pdf", packs.pack, name="pack"),
    path("tableau/", dashboard.index, name="dashboards"),
    path("tableau/<slug:slug>/", dashboard.dashboard, name="dashboard"),
    path("tableau/<slug:slug>/archive/", archive.archive, name="call_archive"),
    path("classement/", rankings.index, name="rankings"),
    path("classement/<slug:slug>/", rankings.ranking, name="ranking"),
    path("classement/<slug:slug>/calculer/", rankings.run, name="run_ranking"),
    path("classement/<slug:slug>/comite/", rankings.submit, name="submit_ranking"),
    path("classement/<slug:slug>/<int:number>/", rankings.ranking, name="ranking_run"),
    path("classement/<slug:slug>/<int:number>/document/", rankings.document, name="ranking_document"),
    path("classement/<slug:slug>/<int:number>/eclairage/", advice.advice, name="advice"),
    path("classement/<slug:slug>/<int:number>/eclairage/calculer/", advice.compute, name="compute_advice"),
    path("classement/<slug:slug>/<int:number>/eclairage/<slug:fmt>/", advice.download, name="advice_file"),
    path("comite/", committee.index, name="committees"),
    path("comite/<slug:slug>/", committee.board, name="committee"),
    path("comite/<slug:slug>/dossiers/<uuid:pk>/", committee.decide, name="decide"),
    path("comite/<slug:slug>/liste/<slug:fmt>/", shortlists.download, name="shortlist"),
]
