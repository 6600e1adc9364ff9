// Saves a step while it is typed: <form data-autosave>. Without this module the buttons save, as ever.
import { contentOf, fieldsOf, read, takeAnswer } from "./form-state.js";
import { offerCopy } from "./local-copy.js";
import { drop, keep } from "./local.js";
import { makeQueue } from "./save-queue.js";
import { showErrors, tell, tellSaved } from "./save-status.js";
import { post } from "./wire.js";

const form = document.querySelector("form[data-autosave]");
const address = location.pathname;
const pause = { typing: 1500, leavingAField: 400 };
const typed = new Set();
let [passing, copying, stored] = [false, 0, ""];

const queue = makeQueue({ read: take, post: (body) => post(address, body), saved, tell });

function take(extra) {
  return { ...read(form, extra), content: contentOf(form) };
}

function saved(answer, sent, isLast) {
  stored = sent.content;
  takeAnswer(form, answer, sent.rows);
  showErrors(form, answer.errors);
  tellSaved(answer);
  if (!isLast) return copy();
  typed.clear();
  clearTimeout(copying);
  drop();
  form.dispatchEvent(new Event("portal:saved"));
}

function copy() {
  clearTimeout(copying);
  copying = 0;
  keep({ version: form.elements.version.value, fields: fieldsOf(form) });
}

function changed(event) {
  // Leaving a field tells of a change that may be saved already.
  if (!queue.isUnsaved && contentOf(form) === stored) return form.dispatchEvent(new Event("portal:saved"));
  if (event.target.name) typed.add(event.target.name);
  copying ||= setTimeout(copy, 300);
  if (!queue.isUnsaved) tell("changed");
  queue.change(event.type === "change" ? pause.leavingAField : pause.typing);
}

for (const type of ["input", "change"]) form.addEventListener(type, changed);
document.addEventListener("visibilitychange", () => {
  if (!queue.isUnsaved) return;
  copy();
  queue.retry();
});
window.addEventListener("online", queue.retry);
window.addEventListener("focus", queue.retry);

// Going elsewhere ----------------------------------------------------------------------------------------------------
async function save(submitter) {
  const extra = submitter?.name ? { name: submitter.name, value: submitter.value } : null;
  const answer = await queue.flush(extra, { force: true });
  if (answer) open(answer.url);
  else if (queue.stopped === "conflict") pass(() => form.requestSubmit(submitter));
}

function open(url) {
  const target = new URL(url, location.href);
  location.assign(target);
  // To another place of this same page the browser would only scroll.
  if (target.hash && target.pathname + target.search === location.pathname + location.search) location.reload();
}

function pass(act) {
  passing = true;
  act();
  passing = false;
}

async function afterSaving(go) {
  await Promise.race([queue.flush(), new Promise((resolve) => setTimeout(resolve, 5000))]);
  pass(go);
}

document.addEventListener("submit", (event) => {
  const ours = event.target === form;
  if (ours && queue.stopped) sayWhatWasTyped();
  if (passing || (ours ? queue.stopped : !queue.isUnsaved)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (ours) save(event.submitter);
  else afterSaving(() => event.target.requestSubmit(event.submitter));
}, true);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !queue.isUnsaved || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.pathname === location.pathname && link.hash) return;
  event.preventDefault();
  afterSaving(() => location.assign(link.href));
});

// The page of a conflict then proposes the other's value wherever this person touched nothing.
function sayWhatWasTyped() {
  const input = form.elements.typed ?? Object.assign(document.createElement("input"), { type: "hidden", name: "typed" });
  input.value = [...typed].join(" ");
  form.append(input);
}

// What was typed before this module came.
// A box says so by being ticked: its value is never its default one when the page gives it none.
const isBox = (control) => control.type === "checkbox" || control.type === "radio";
const isTouched = (control) => (isBox(control) ? control.checked !== control.defaultChecked : control.value !== control.defaultValue);
const early = (control) => control.matches("input:not([type=hidden]), textarea") && isTouched(control);
if ([...form.elements].some(early)) queue.change(pause.typing);
offerCopy(form, {
  stamp: "version",
  isThere: async (body) => (await post(address, body)).outcome === "saved",
  isTyping: () => queue.isUnsaved,
});
