"""The applicant's job in Arabic on a phone: sign in, open a dossier, type, paste members, send, deposit, open the receipt."""

import re

import pytest
from django.utils import translation
from playwright.sync_api import expect
from pypdf import PdfReader

from applications.forms.organisation import MemberForm
from applications.models import Application, BudgetLine, Deposit, Member
from applications.services.documents import attach
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG
from applications.tests.builders import inputs_of, sample
from applications.tests.factories import make_call, pdf_bytes, pdf_file
from tests.walk.dossier import open_step, type_step, upload_pieces
from tests.walk.people import make_person, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "قطب خيوط الأطلس للنسيج التقني"
TEXTS = {
    "startups-preparation": "نداءان للأفكار كل سنة، مع احتضان أولي لمدة 6 أشهر داخل مدرسة المهندسين.",
    "startups-support": "مواكبة من مسير مقاولة عضو، والمساعدة على إيداع براءة اختراع (OMPIC) وفق القانون 17-97.",
}
HEADERS = {
    "name_fr": "الاسم", "category": "الفئة", "engagement": "الانخراط", "ice": "التعريف الموحد للمقاولة", "region": "الجهة",
    "nma_section": "القطاع", "representative": "الممثل", "fee": "الاشتراك السنوي",
}  # fmt: skip
LAST_PIECE = "ADM_RI"
BY_HAND = ("membres", "start-up", "budget")
PHONE = 360

# Words in another alphabet that a person reading Arabic would meet as part of a sentence of the portal.
LATIN_SENTENCES = """() => {
    const apart = "bdi, [lang=fr], [lang=en], [dir=auto], code, textarea, option, script, style, template, "
        + ".check-answers dd, .check-answers td";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.textContent.trim();
        if (/[A-Za-zÀ-ÿ]{2}/.test(text.replace("SHA-256", "")) && !/[\\u0600-\\u06ff]/.test(text)
            && !node.parentElement.closest(apart)) found.push(text);
    }
    return found;
}"""
# Figures whose first character stands neither left of the last one nor on a line above it: [text, where each stands].
FIGURES_REVERSED = """selector => [...document.querySelectorAll(selector)].map((one) => {
    const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT), node = walker.nextNode(), text = node.data.trim();
    const start = node.data.indexOf(text);
    const at = (index) => {
        const range = document.createRange();
        range.setStart(node, start + index);
        range.setEnd(node, start + index + 1);
        const { left, top } = range.getBoundingClientRect();
        return { left, top };
    };
    return [text, at(0), at(text.length - 1)];
}).filter(([text, first, last]) => text.length > 1 && !(first.left < last.left || first.top < last.top - 2))"""


@pytest.fixture
def look(axe):
    """``look(page)``: nothing wrong with this page for a person reading Arabic on a phone."""

    def wrong(page):
        page.wait_for_load_state("networkidle")
        frame = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return {page.url: (frame, wide, page.evaluate(LATIN_SENTENCES), axe(page))}

    def fine(page):
        assert wrong(page) == {page.url: (["ar", "rtl"], 0, [], [])}

    return fine


def fill_the_rest(application, owner):
    """All that is not typed in this walk; its names in Arabic, as an association that writes in Arabic gives them."""
    for slug, data in inputs_of().items():
        if slug in BY_HAND:
            continue
        if slug == "identite":
            data = {**data, "association-name_fr": NAME}
        save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=owner)
    for requirement in application.call.document_requirements.filter(required=True).exclude(code=LAST_PIECE):
        attach(application=application, requirement=requirement, upload=pdf_file(), actor=owner)


def members_in_arabic():
    """The members of the sample as a table written in Arabic, one line per member, cells apart by tabs."""
    rows = inputs_of()["membres"]
    with translation.override("ar"):
        form = MemberForm()
        words = {
            name: {str(code): str(label) for code, label in form.fields[name].choices if code}
            for name in ("category", "engagement", "region", "nma_section")
        }
    lines = ["\t".join(HEADERS.values())]
    for index in range(int(rows["members-TOTAL"])):
        cells = {name: rows.get(f"members-{index}-{name}", "") for name in HEADERS}
        lines.append("\t".join(words[name].get(cell, cell) if name in words else cell for name, cell in cells.items()))
    return "\n".join(lines)


def paste_members(page, application, look):
    page.locator(f'a[href$="/{application.pk}/membres/coller/"]').first.click()
    page.locator("main textarea").fill(members_in_arabic())
    look(page)
    for part in ("colonnes", "apercu"):
        page.locator("form.sheet .btn-primary").click()
        page.wait_for_url(f"**/membres/importer/{part}/")
        look(page)
    page.locator("form.sheet .btn-primary").click()
    page.wait_for_url("**/etape/membres/")
    look(page)
    assert Member.objects.filter(application=application).count() == len(sample()["members"])


def begin(page, owner, call, look):
    sign_in(page, owner)
    look(page)
    page.goto(f"/dossiers/nouveau/{call.slug}/")
    look(page)
    page.locator("main form input[type=text]").first.fill(NAME)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/dossiers/*/")
    look(page)
    return Application.objects.get()


def type_in_arabic(page, task_list, look):
    open_step(page, "start-up")
    type_step(page, "start-up", TEXTS)
    look(page)
    assert {name: page.input_value(f"[name={name}]") for name in TEXTS} == TEXTS
    page.goto(task_list)
    open_step(page, "budget")
    type_step(page, "budget", inputs_of()["budget"])
    page.reload()
    look(page)
    line = BudgetLine.objects.order_by("heading__position").exclude(y1=None).exclude(y1=0).first()
    shown = page.input_value(f"[name=lines-{line.heading.code}_y1]")
    assert re.sub(r"\s", "", shown) == f"{line.y1:f}".removesuffix(".00").replace(".", ",")
    expect(page.locator("bdi.amount[id^=total-income]")).to_have_count(5)
    assert page.evaluate(FIGURES_REVERSED, "bdi.amount[id^=total-income]") == []
    assert page.evaluate(f"getComputedStyle(document.querySelector('[name=lines-{line.heading.code}_y1]')).direction") == "ltr"


def deposit(page, look):
    page.locator('main a[href$="/verifier/"]').first.click()
    look(page)
    page.locator('main a[href$="/declarer/"]').first.click()
    look(page)
    page.locator('[name="civility"]').last.check()
    for name, text in {"quality_organisation": "مسير", "place": "النواصر"}.items():
        page.locator(f'[name="{name}"]').fill(text)
    page.locator('[name="accept"]').check()
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/recepisse/")
    look(page)


def receipt_text(page, folder):
    """The words of the receipt in Arabic, opened from its main button."""
    with page.expect_download() as waiting:
        page.locator('main a.btn-primary[href$="/recepisse/ar.pdf"]').click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    reader = PdfReader(path)
    assert reader.trailer["/Root"]["/Lang"] == "ar"
    return "\n".join(sheet.extract_text() for sheet in reader.pages)


def test_applicant_writes_and_deposits_in_arabic(browser_page, tmp_path, look):
    call, owner = make_call(), make_person("atlas@cluster.example", first_name="يوسف", last_name="الطاهري")
    page = browser_page(language="ar", width=PHONE)
    page.goto("/compte/login/")
    look(page)
    application = begin(page, owner, call, look)
    task_list = page.url
    fill_the_rest(application, owner)
    page.reload()
    type_in_arabic(page, task_list, look)
    page.goto(task_list)
    open_step(page, "membres")
    paste_members(page, application, look)
    page.goto(task_list)
    open_step(page, "pieces")
    upload_pieces(page, call.document_requirements.filter(code=LAST_PIECE), tmp_path, pdf_bytes())
    look(page)
    page.goto(task_list)
    deposit(page, look)
    made = Deposit.objects.get()
    expect(page.locator("#receipt-number")).to_have_text(made.number)
    assert page.evaluate(FIGURES_REVERSED, "#receipt-number bdi") == []
    assert made.content["steps"]["start-up"]["startups"]["preparation"] == TEXTS["startups-preparation"]
    text = receipt_text(page, tmp_path)
    for expected in (made.number, made.sha256, NAME, "بتوقيت المغرب"):
        assert expected in text, expected
