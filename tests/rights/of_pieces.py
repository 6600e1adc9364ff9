"""Who sees the card of a piece: the people of the dossier."""

from tests.rights.rows import OWN, own, who

ROWS = [own("piece_files", "=pk", "OTHER", expects=who((OWN, 200)))]
