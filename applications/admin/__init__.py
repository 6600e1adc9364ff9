"""Administration site: what staff configure (calls) and what readers may browse (submitted dossiers)."""

from . import calls, counter, dossiers, exchanges, reminders

__all__ = ["calls", "counter", "dossiers", "exchanges", "reminders"]
