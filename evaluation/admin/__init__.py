"""Administration site of the judging floor: grids to configure, records to browse. Daily work has its own pages."""

from . import advice, archives, assign, consensus, grids, minutes, records, sessions

__all__ = ["advice", "archives", "assign", "consensus", "grids", "minutes", "records", "sessions"]
