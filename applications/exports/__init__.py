"""What leaves the portal as one file: the archive of a dossier (A15)."""
