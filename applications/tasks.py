"""Tasks of this floor, where the worker looks for them. Each lives in the service that owns the work."""

from .services.reminders import send_reminders
from .services.scans import rescan_documents, scan_document

__all__ = ["rescan_documents", "scan_document", "send_reminders"]
