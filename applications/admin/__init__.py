"""Administration site: what staff configure (calls) and what readers may browse (submitted dossiers)."""

from . import calls, counter, desk, dossiers, exchanges, register, reminders

__all__ = ["calls", "counter", "desk", "dossiers", "exchanges", "register", "reminders"]
