"""Going through pages with the keyboard alone: every stop of Tab must be seen, reachable and in the order of the page."""

from playwright.sync_api import expect

# What stands at the focus: where it is, whether its ring is drawn, whether something covers it (WCAG 2.4.7, 2.4.11).
AT_FOCUS = """selector => {
    const one = document.activeElement;
    if (!one || one === document.body) return { lost: true };
    const style = getComputedStyle(one);
    const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    const box = one.getClientRects()[0];
    const points = box ? [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]] : [];
    const seen = points.some(([x, y]) => {
        const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
        return hit && (one.contains(hit) || hit.contains(one) && getComputedStyle(hit).position !== "sticky");
    });
    return { lost: false, name: one.outerHTML.slice(0, 120), found: one.matches(selector), ring, seen };
}"""
OUT_OF_ORDER = "[tabindex]:not([tabindex='0'], [tabindex='-1'])"


class Keyboard:
    """One person without a mouse. `page` is only pressed and typed into; nothing is clicked, filled or focused by script."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def stands_on(self, selector) -> bool:
        return self.page.evaluate("selector => document.activeElement.matches(selector)", selector)

    def into_content(self):
        """From the top of a new page: the first stop is the skip link, and it leads into the content."""
        self.press("Tab")
        stop = self.stop(".skip-link")
        assert stop["found"], stop
        self.press("Enter")
        assert self.stands_on("main"), "the skip link does not lead into the content"
        expect(self.page.locator(OUT_OF_ORDER)).to_have_count(0)

    def stop(self, selector="*"):
        """The stop the focus is on; fails when the focus is lost, covered or without a ring."""
        stop = self.page.evaluate(AT_FOCUS, selector)
        assert not stop["lost"], f"the focus was lost on the way to {selector}"
        assert stop["seen"], f"covered or out of sight: {stop['name']}"
        assert stop["ring"], f"no focus ring: {stop['name']}"
        return stop

    def tab_to(self, selector, *, back=False, limit=150):
        """Tab (or Shift+Tab) until the focus stands on what matches."""
        for _step in range(limit):
            self.press("Shift+Tab" if back else "Tab")
            if self.stop(selector)["found"]:
                return
        raise AssertionError(f"{selector} was not reached in {limit} stops")

    def write(self, selector, text):
        self.tab_to(selector)
        self.type(text)

    def follow(self, selector, address):
        """Reach a link or a button, press Enter and wait for the page it leads to."""
        self.tab_to(selector)
        self.press("Enter")
        self.page.wait_for_url(address)
        self.page.wait_for_load_state()
