"""Files anyone may download without an account (clause 2.1)."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from applications.declaration import UnknownWording
from applications.pdf.calls import declaration_model_pdf, specifications_pdf
from applications.published import calls_readable_by
from clusters_portal.lib import clock


@require_safe
def specifications(request, slug, lang):
    call = _call(request, slug, lang)
    return _pdf(specifications_pdf(call, lang=lang), f"cahier-des-charges-{call.slug}-{lang}.pdf")


@require_safe
def declaration_model(request, slug, lang):
    call = _call(request, slug, lang)
    try:
        content = declaration_model_pdf(call, lang=lang)
    except UnknownWording as problem:
        raise Http404 from problem
    return _pdf(content, f"declaration-sur-l-honneur-{call.slug}-{lang}.pdf")


def _call(request, slug, lang):
    if lang not in dict(settings.LANGUAGES):
        raise Http404
    return get_object_or_404(calls_readable_by(request.user, clock.now()), slug=slug)


def _pdf(content, name):
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})
