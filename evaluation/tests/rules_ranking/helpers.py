"""What these tests share."""

from evaluation.tests.rule_builders import dossier, marks


def one(name, *values, **facts):
    """A dossier with a single evaluation on T1, T2…"""
    codes = tuple(f"T{n}" for n in range(1, len(values) + 1))
    return dossier(name, marks(*values, codes=codes), **facts)
