"""The committed fonts give PDFs whose Arabic and French text can be searched and copied."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import weasyprint

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts" / "pdf"
FAMILIES = {
    "Check Sans": ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    "Check Naskh": ("NotoNaskhArabic-Regular.ttf", "NotoNaskhArabic-Bold.ttf"),
}
DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ARABIC = "وصل إيداع ملف الترشيح"
FRENCH = "Accusé de réception du dossier n° 7, œuvre à 1 234,50 DH"


@pytest.mark.parametrize("weight", [400, 700])
@pytest.mark.parametrize("variant", ["pdf/a-3a", "pdf/ua-1"])
def test_text_comes_out_as_it_went_in(weight, variant, tmp_path):
    assert shutil.which("pdftotext"), "pdftotext was not found: apt-get install poppler-utils"
    faces = "".join(
        f"@font-face {{ font-family: '{family}'; font-weight: {value}; src: url('{(FONTS / name).as_uri()}') }}"
        for family, names in FAMILIES.items()
        for value, name in zip((400, 700), names, strict=True)
    )
    style = f"{faces} body {{ font-family: 'Check Sans', 'Check Naskh'; font-weight: {weight} }}"
    page = f"<html lang='ar'><title>x</title><style>{style}</style><p dir='rtl'>{ARABIC}</p><p lang='fr'>{FRENCH}</p></html>"
    target = tmp_path / "page.pdf"
    weasyprint.HTML(string=page).write_pdf(target, pdf_variant=variant)
    text = subprocess.run(["pdftotext", str(target), "-"], capture_output=True, text=True, check=True).stdout
    lines = [DIRECTION_MARKS.sub("", line).strip() for line in text.splitlines()]
    assert [line for line in lines if line] == [ARABIC, FRENCH]
