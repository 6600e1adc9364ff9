"""What printing gives: a PDF that knows its number of pages, or a refusal. Shared by `pdf` and its engine."""


class PdfError(Exception):
    """The document cannot be made: it names a resource that is not ours, or an unknown language or variant."""


class Printed(bytes):
    """The bytes of a PDF, which know how many `pages` they have: counting them afterwards costs a second."""

    def __new__(cls, content, *, pages):
        made = super().__new__(cls, content)
        made.pages = pages
        return made

    def __getnewargs_ex__(self):
        """Copies and the cache rebuild it with its number of pages."""
        return (bytes(self),), {"pages": self.pages}
