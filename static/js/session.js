// Warns five minutes before the session ends for want of activity, and says when it has ended. Asking how much time is
// left prolongs nothing, so another tab's activity counts and an abandoned computer is signed out.
import { timeLeft } from "./countdown.js";
import { sessionStatus, takeToken } from "./wire.js";

const dialog = document.querySelector("dialog[data-session]");
const [soon, over] = ["[data-session-soon]", "[data-session-over]"].map((name) => dialog.querySelector(name));
const [left, said] = ["[data-session-left]", "[data-session-said]"].map((name) => dialog.querySelector(name));
const warning = Math.min(300, Number(dialog.dataset.session) / 2) * 1000;
let end = Date.now() + Number(dialog.dataset.session) * 1000;
let [timer, dismissed] = [0, false];

function later(milliseconds, act) {
  clearTimeout(timer);
  timer = setTimeout(act, milliseconds);
}

async function check() {
  const now = await sessionStatus();
  if (!now) return later(30000, check);
  if (now.user !== document.body.dataset.user) return showOver();
  take(now);
}

function take(now) {
  end = Date.now() + now.seconds * 1000;
  takeToken(now.csrf);
  if (end - Date.now() <= warning) return tick();
  if (dialog.open) dialog.close();
  dismissed = false;
  later(end - Date.now() - warning, check);
}

function tick() {
  const rest = end - Date.now();
  [soon.hidden, over.hidden] = [false, true];
  if (!dialog.open && !dismissed) dialog.showModal();
  left.textContent = timeLeft(Math.max(0, rest));
  const minutes = timeLeft(Math.ceil(rest / 60000) * 60000);
  if (said.textContent !== minutes) said.textContent = minutes;
  // Another tab may have prolonged it: asked now and then, and before saying that it is over.
  later(1000, rest <= 0 || Math.round(rest / 1000) % 15 === 0 ? check : tick);
}

function showOver() {
  clearTimeout(timer);
  [soon.hidden, over.hidden] = [true, false];
  dialog.setAttribute("aria-labelledby", "session-over-title");
  dialog.removeAttribute("aria-describedby");
  if (!dialog.open) dialog.showModal();
  over.querySelector("a").focus();
}

soon.addEventListener("submit", async (event) => {
  event.preventDefault();
  const headers = { Accept: "application/json", "X-CSRFToken": document.body.dataset.csrf };
  const answer = await fetch(soon.action, { method: "POST", headers }).catch(() => null);
  if (answer?.ok) take(await answer.json());
  else check();
});
dialog.addEventListener("cancel", () => (dismissed = true));
dialog.querySelector("[data-session-close]").addEventListener("click", () => dialog.close());
// Back from the tab where one signed in, or from a computer that slept.
window.addEventListener("focus", () => {
  if (!over.hidden || end - Date.now() <= warning) check();
});

later(Math.max(0, end - Date.now() - warning), check);
