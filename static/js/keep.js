// A form that only its button saves: what is typed is kept on this computer until the server has it, and a save that failed
// goes by itself once the line or the session is back. <form data-keep="seen">, the input that says in which state the page was opened.
import { fieldsOf } from "./form-state.js";
import { offerCopy } from "./local-copy.js";
import { drop, keep } from "./local.js";
import { tell } from "./save-status.js";
import { post } from "./wire.js";

const form = document.querySelector("form[data-keep]");
const stamp = form.dataset.keep;
const shownByThePage = new Set(["conflict", "refused"]);
let [typing, passing, sending, copying, failed] = [false, false, false, 0, null];

function copy() {
  clearTimeout(copying);
  copying = 0;
  keep({ version: form.elements[stamp].value, fields: fieldsOf(form) });
}

function changed() {
  typing = true;
  copying ||= setTimeout(copy, 300);
  if (!failed) tell("changed");
}

async function send(submitter) {
  if (sending) return;
  [sending, failed] = [true, null];
  copy();
  tell("saving");
  const body = new URLSearchParams(fieldsOf(form));
  body.set(stamp, form.elements[stamp].value);
  if (submitter?.name) body.append(submitter.name, submitter.value);
  const answer = await post(location.pathname, body);
  sending = false;
  if (shownByThePage.has(answer.outcome)) return pass(submitter);
  tell(answer.outcome, answer);
  if (answer.outcome === "saved") return leave(answer.url);
  failed = { submitter };
  form.dispatchEvent(new Event("input"));
}

function pass(submitter) {
  passing = true;
  form.requestSubmit(submitter);
  passing = false;
}

function leave(url) {
  clearTimeout(copying);
  drop();
  form.dispatchEvent(new Event("portal:saved"));
  location.assign(url);
}

const again = () => failed && send(failed.submitter);

for (const type of ["input", "change"]) form.addEventListener(type, changed);
window.addEventListener("online", again);
window.addEventListener("focus", again);
document.addEventListener("submit", (event) => {
  if (event.target !== form || passing) return;
  if (event.submitter?.hasAttribute("formaction")) return drop();
  event.preventDefault();
  event.stopImmediatePropagation();
  send(event.submitter);
}, true);

offerCopy(form, { stamp, isThere: async () => false, isTyping: () => typing });
