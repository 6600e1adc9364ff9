"""Rights on the advice beside a ranking. Its addresses are in evaluation/tests/test_rights.py, with those of the ranking."""

ROWS = []
ADMIN = {"evaluation.rankingadvice": (("head", "auditor", "recused_head"), ())}
