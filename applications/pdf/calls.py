"""The PDFs of a call anyone may take away. Rendering costs a second of processor, so each text is rendered once."""

from django.core.cache import cache

from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.lib.pdf import render_html, render_pdf

from ..published import call_context
from .declaration import declaration_pdf

KEPT = 24 * 3600  # seconds


def specifications_pdf(call, *, lang) -> bytes:
    """The rules of the call (PDF/UA) in `lang`, from its data as it stands now."""
    template, context = "pdf/specifications.html", call_context(call)
    key = f"specifications-{sha256_hex(render_html(template, context, lang=lang))}"
    return cache.get_or_set(key, lambda: render_pdf(template, context, lang=lang), KEPT)


def declaration_model_pdf(call, *, lang) -> bytes:
    """The blank model of the sworn statement (annex) in the wording of the call. Raises `declaration.UnknownWording`."""
    key = f"declaration-model-{call.declaration_version}-{lang}"
    return cache.get_or_set(key, lambda: declaration_pdf(call, {}, lang=lang), KEPT)
