"""Rights on the archives of a call in the administration site. Its addresses are in evaluation/tests/test_rights.py."""

ROWS = []
ADMIN = {"evaluation.callarchive": (("head", "auditor", "recused_head"), ())}
