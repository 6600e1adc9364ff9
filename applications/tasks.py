"""Tasks of this floor, where the worker looks for them. Each lives in the service that owns the work."""

from .services.receipts import draw_receipt
from .services.reminders import send_reminders
from .services.scans import rescan_documents, scan_document, scan_waiting

__all__ = ["draw_receipt", "rescan_documents", "scan_document", "scan_waiting", "send_reminders"]
