"""An applicant signed in and an association's pages in English, as for the tests of a dossier."""

from applications.tests.conftest import owner

__all__ = ["owner"]
