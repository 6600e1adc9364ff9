"""Administration site: what staff configure (calls) and what readers may browse (submitted dossiers)."""

from . import calls, dossiers, exchanges

__all__ = ["calls", "dossiers", "exchanges"]
