"""The people of the rush, in a process of their own: signed in beforehand, then each at their own second. Started by rush.py.

Reads a plan in JSON on the first line of its input, prints "ready" once everybody is signed in, reads the deadline (seconds
since 1970) on the second line, and prints everything that was sent and answered, in JSON. Talks to 127.0.0.1 only.
"""

import json
import random
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

from visitor import Browser, sent

NUMBER = re.compile(r'id="receipt-number"><bdi>([^<]+)<')
FOLLOWED = 302
AT_ONCE = 8  # sign-ins at the same time, before the rush
LATE = 1.0  # seconds after the deadline


class Person:
    """A session of an authorised representative. `twice`: a double click; `late`: a second after the deadline."""

    def __init__(self, plan, entry):
        self.plan, self.entry, self.said = plan, entry, []
        self.browser = Browser(plan["port"], entry["address"])

    def sign_in(self):
        """And leave the step and the declaration open, as people do who wait for the last minute."""
        fields = {"login": self.entry["email"], "password": self.plan["password"], "csrfmiddlewaretoken": self.browser.token}
        status, _headers, _body = self.browser.ask(self.plan["login"], list(fields.items()))
        (_status, _headers, self.step), (_status, _headers, declaration) = (
            self.browser.ask(self.entry[name]) for name in ("step", "declare")
        )
        if status != FOLLOWED or 'name="version"' not in self.step or 'name="accept"' not in declaration:
            raise SystemExit(f"{self.entry['email']} could not sign in and open the pages: {status}")
        typed = {"civility": "mr", "quality_organisation": "Dirigeant", "place": "Rabat", "accept": "on"}
        self.declaration = sent(declaration, "sheet", token=self.browser.token, **typed)

    def at(self, moment, kind, address, fields=None, browser=None, **more):
        """Send at that moment and keep what was sent and came back: (what is kept, the body)."""
        time.sleep(max(moment - time.time(), 0))
        kept = {"person": self.entry["email"], "kind": kind, "sent": time.time(), **more}
        try:
            status, headers, body = (browser or self.browser).ask(address, fields)
        except OSError as problem:
            status, headers, body = 0, {}, str(problem)
        kept |= {"seconds": time.time() - kept["sent"], "status": status, "to": headers.get("Location", "")}
        self.said.append(kept)
        return kept, body

    def save(self, moment, text):
        """Save the open page with this text, and look at the page that comes back."""
        fields = sent(self.step, "step-form", token=self.browser.token, **{self.plan["field"]: text})
        self.at(moment, "save", self.entry["step"], fields, text=text, version=int(dict(fields)["version"]))
        _kept, page = self.at(0, "page", self.entry["step"])
        self.step = page if 'name="version"' in page else self.step

    def deposit(self, moment, twice=False):
        """Declare: once, or twice at the same instant."""
        clicks = [Thread(target=self._click, args=(moment, self.browser.copy())) for _click in range(2 if twice else 1)]
        for click in clicks:
            click.start()
        for click in clicks:
            click.join()

    def _click(self, moment, browser):
        kept, _body = self.at(moment, "deposit", self.entry["declare"], self.declaration, browser)
        if kept["status"] == FOLLOWED:
            _kept, receipt = self.at(0, "page", kept["to"], None, browser)
            shown = NUMBER.search(receipt)
            kept["number"] = shown[1] if shown else ""

    def course(self, deadline, window, source):
        """A save, another one, the deposit: the nearer the deadline, the more people."""
        end = deadline + LATE if self.entry["late"] else deadline - max(window * source.random() ** 2 * 0.9, 0.3)
        begun = deadline - window
        for number in range(2):
            moment = begun + (end - begun) * source.random() * 0.8
            self.save(moment, f"{self.entry['email']} {self.entry['session']} {number} {moment:.3f}")
        self.deposit(end, twice=self.entry["twice"])


def main():
    """Sign everybody in, wait for the deadline, run, tell."""
    plan = json.loads(sys.stdin.readline())
    people = [Person(plan, entry) for entry in plan["people"]]
    with ThreadPoolExecutor(AT_ONCE) as door:
        list(door.map(Person.sign_in, people))
    print("ready", flush=True)
    deadline = float(sys.stdin.readline())
    runs = [Thread(target=each.course, args=(deadline, plan["seconds"], random.Random(index))) for index, each in enumerate(people)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    print(json.dumps([said for each in people for said in each.said]), flush=True)


if __name__ == "__main__":
    main()
