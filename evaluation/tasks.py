"""Tasks of this floor, where the worker looks for them. Each lives in the service that owns the work."""

from .services.advice import advise_ranking
from .services.archive import clear_archives, prepare_archive
from .services.attachments import rescan_attachments, scan_attachment

__all__ = ["advise_ranking", "clear_archives", "prepare_archive", "rescan_attachments", "scan_attachment"]
