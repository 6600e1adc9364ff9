"""Static files under names that hold their hash: a browser keeps each for good, and asks for a new one at its first change."""

from whitenoise.storage import CompressedManifestStaticFilesStorage as Manifest

_IMPORTS = Manifest._js_module_import_aggregation_patterns[1]


class HashedFiles(Manifest):
    """The modules our scripts import are named by their hash too; otherwise every page would ask whether they changed.

    Ours alone: Django's own switch for it (`support_js_module_import_aggregation`) looks at every script of every package.
    """

    patterns = (*Manifest.patterns, ("js/*.js", _IMPORTS))
