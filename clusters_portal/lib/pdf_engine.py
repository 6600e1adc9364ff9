"""WeasyPrint, held at one place. Imported only when a PDF is made: see `clusters_portal.lib.pdf`."""

import gc
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from clusters_portal.lib.pdf_bytes import PdfError, Printed


class OwnFilesFetcher(URLFetcher):
    """Gives the files of the allowed folders and nothing else: no network, no other file, no data: address.

    WeasyPrint leaves out what it cannot fetch and goes on; here a refusal stops the document, because a receipt
    without its font or its emblem is not a receipt.
    """

    def __init__(self, folders):
        super().__init__(allowed_protocols={"file"}, allow_redirects=False, fail_on_errors=True)
        self.folders = [Path(folder).resolve() for folder in folders]

    def fetch(self, url, headers=None):
        parts = urlsplit(url)
        if parts.scheme != "file" or parts.netloc:
            raise PdfError(f"not one of our files: {url[:200]}")
        path = Path(unquote(parts.path)).resolve()  # resolved: neither ".." nor a link leads outside
        if not any(path.is_relative_to(folder) for folder in self.folders) or not path.is_file():
            raise PdfError(f"not one of our files: {url[:200]}")
        return URLFetcherResponse(url, path.read_bytes())


@contextmanager
def collector_paused():
    """No search for unreachable objects meanwhile: a long document makes millions, all of them still needed, and looking
    through them again and again takes as long as the layout itself."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def write(html, *, stylesheet, base, folders, variant):
    """The PDF (`Printed`) of an HTML text with one stylesheet (a path). Raises PdfError for a resource outside `folders`.

    Addresses in the HTML are relative to the folder `base`, those in the stylesheet to its own place.
    """
    fetcher, fonts = OwnFilesFetcher(folders), FontConfiguration()
    try:
        style = CSS(string=stylesheet.read_text("utf-8"), base_url=stylesheet.resolve().as_uri(), url_fetcher=fetcher, font_config=fonts)
        document = HTML(string=html, base_url=base.resolve().as_uri() + "/", url_fetcher=fetcher)
        with collector_paused():
            printed = document.render(stylesheets=[style], font_config=fonts, pdf_variant=variant, pdf_tags=True, pdf_identifier=True)
            return Printed(printed.write_pdf(pdf_variant=variant, pdf_tags=True, pdf_identifier=True), pages=len(printed.pages))
    except FatalURLFetchingError as refusal:
        # WeasyPrint's own class is a BaseException and would go past every handler of the web server.
        raise PdfError(str(refusal.__cause__ or refusal)) from refusal
