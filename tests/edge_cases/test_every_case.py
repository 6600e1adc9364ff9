"""No case of the matrix is without a test."""

import re
from pathlib import Path

CASES = {f"x{number:02d}" for number in range(1, 23)}


def test_every_case_of_the_matrix_has_a_test():
    code = "\n".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert set(re.findall(r"^def test_(x\d\d)_\w+\(", code, re.MULTILINE)) == CASES
