// Files sent one after the other, each with its bar, its outcome and its buttons: <form data-upload>. Without this
// module the form sends itself. The file stays in memory until it is received: a cut line asks for one click, no more.
//
//   form[data-upload data-files data-target]   data-files: address of the card's files, shown again in #data-target
//   form[data-upload data-after]               address of the page to read again whole, once everything was received
//   ul[data-upload-list]                       receives one row per file
//   template#upload-row                        the row, and every sentence as data attributes

const template = document.querySelector("template#upload-row");
const words = template.dataset;
const waiting = [];
const reading = new WeakMap(); // form → the last reading of its files asked for
let running = null;

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-upload]");
  const input = form?.elements.file;
  if (!input?.files.length) return; // nothing chosen: the server says so
  event.preventDefault();
  take(form, [...input.files]);
  input.value = "";
});

function take(form, files) {
  for (const row of form.parentElement.querySelectorAll(".upload--received")) row.remove(); // they stand in the card now
  for (const file of files) {
    const refusal = files.length > 1 && !form.elements.file.multiple ? words.single : refusalOf(form, file);
    const item = { form, file, label: form.elements.label?.value ?? "", row: rowOf(form, file) };
    item.row.upload = item;
    if (refusal) settle(item, refusal, { failed: true });
    else enqueue(item);
  }
  if (form.elements.label) form.elements.label.value = "";
}

// What can be known before sending; the server looks at the content itself.
function refusalOf(form, file) {
  const extension = `.${file.name.split(".").pop().toLowerCase()}`;
  if (!file.size) return words.empty;
  if (file.size > Number(words.limit)) return words.tooLarge;
  return form.elements.file.accept.split(",").includes(extension) ? "" : words.type;
}

function rowOf(form, file) {
  const list = form.parentElement.querySelector("[data-upload-list]");
  const row = template.content.firstElementChild.cloneNode(true);
  row.querySelector(".upload__name > bdi").textContent = file.name;
  row.querySelector("progress").setAttribute("aria-label", file.name);
  for (const name of row.querySelectorAll("[data-upload-of]")) name.textContent = ` – ${file.name}`;
  list.hidden = false;
  list.append(row);
  return row;
}

function enqueue(item) {
  show(item, words.waiting, { cancel: true });
  item.row.querySelector("progress").value = 0;
  waiting.push(item);
  next();
}

function next() {
  if (running || !waiting.length) return;
  running = waiting.shift();
  send(running);
}

function send(item) {
  const request = (item.request = new XMLHttpRequest());
  const bar = item.row.querySelector("progress");
  const data = new FormData();
  data.append("csrfmiddlewaretoken", item.form.elements.csrfmiddlewaretoken.value);
  data.append("label", item.label);
  data.append("file", item.file);
  show(item, words.sending, { cancel: true });
  request.upload.addEventListener("progress", ({ loaded, total }) => (bar.value = total ? (loaded / total) * 100 : 0));
  request.upload.addEventListener("load", () => show(item, words.checking));
  request.addEventListener("load", () => answered(item));
  request.addEventListener("error", () => finish(item, words.network, { failed: true, retry: true }));
  request.addEventListener("abort", () => finish(item, words.cancelled, { failed: true, retry: true }));
  request.open("POST", item.form.action);
  request.setRequestHeader("Accept", "application/json");
  request.send(data);
}

function answered(item) {
  const { status, response, responseURL } = item.request;
  const answer = parsed(response);
  if (answer?.received.length) {
    item.row.classList.add("upload--received");
    finish(item, words.received);
    refresh(item.form);
  } else if (answer) finish(item, answer.refused.join(" "), { failed: true, retry: status === 503 });
  else if (status === 413) finish(item, words.tooLarge, { failed: true });
  else if (status === 200 && responseURL !== item.form.action) finish(item, words.session, { failed: true, retry: true });
  else finish(item, words.server, { failed: true, retry: true });
}

function parsed(text) {
  try {
    const answer = JSON.parse(text);
    return Array.isArray(answer.received) && Array.isArray(answer.refused) ? answer : null;
  } catch {
    return null;
  }
}

function finish(item, sentence, options = {}) {
  settle(item, sentence, options);
  running = null;
  next();
  if (item.form.dataset.after) readAgain(item.form);
}

// Not while something is left to send or to try again: the files are in this page's memory alone.
function readAgain(form) {
  if (running || waiting.length || document.querySelector(".upload--failed")) return;
  if (location.pathname === form.dataset.after) location.reload();
  else location.assign(form.dataset.after);
}

function settle(item, sentence, { failed = false, retry = false } = {}) {
  item.row.querySelector("progress").hidden = true;
  item.row.classList.toggle("upload--failed", failed);
  show(item, sentence, { retry, dismiss: true });
}

function show(item, sentence, { cancel = false, retry = false, dismiss = false } = {}) {
  const held = item.row.contains(document.activeElement);
  item.row.querySelector(".upload__words").textContent = sentence;
  item.row.querySelector("[data-upload-cancel]").hidden = !cancel;
  item.row.querySelector("[data-upload-retry]").hidden = !retry;
  item.row.querySelector("[data-upload-dismiss]").hidden = !dismiss;
  // The button in use may have gone: the keyboard stays on the row.
  if (held) item.row.querySelector("button:not([hidden])")?.focus();
}

// The card as it stands on the server, then the panel: what was missing no longer is. htmx queues what one source asks
// for, so each has its own, one that outlives the exchange and is no form, whose token would stand in the address.
// It looks for the target when it is asked, not when its turn comes: a card waits until the reading before has replaced it.
function refresh(form) {
  if (!form.dataset.files) return;
  const panel = document.querySelector("#panel[hx-get]");
  const again = () => window.addEventListener("online", () => refresh(form), { once: true });
  const files = { source: form.parentElement, target: `#${form.dataset.target}`, swap: "outerHTML" };
  const read = () => window.htmx.ajax("GET", form.dataset.files, files).catch(again);
  reading.set(form, (reading.get(form) ?? Promise.resolve()).then(read));
  if (panel) window.htmx.ajax("GET", panel.getAttribute("hx-get"), { source: panel, target: panel, swap: "innerHTML" }).catch(() => {});
}

document.addEventListener("click", (event) => {
  const row = event.target.closest(".upload");
  const item = row?.upload;
  if (!item) return;
  if (event.target.closest("[data-upload-cancel]")) cancel(item);
  else if (event.target.closest("[data-upload-retry]")) {
    item.row.querySelector("progress").hidden = false;
    item.row.classList.remove("upload--failed");
    enqueue(item);
  } else if (event.target.closest("[data-upload-dismiss]")) {
    item.form.elements.file.focus();
    drop(row);
  }
});

function drop(row) {
  const list = row.parentElement;
  row.remove();
  list.hidden = !list.children.length;
}

// “Received” is no longer the word once the virus scan has refused a file of the card, which says what to do.
document.addEventListener("htmx:load", ({ target }) => {
  if (!target.querySelector("[data-infected]")) return;
  for (const row of target.closest(".file-card")?.querySelectorAll(".upload--received") ?? []) {
    if (row.contains(document.activeElement)) row.upload.form.elements.file.focus();
    drop(row);
  }
});

// A file dropped on a card is chosen, and sent at once where nothing else is to be filled in.
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const card = event.target.closest?.(".file-card");
    const form = card?.querySelector("form[data-upload]");
    if (!form || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    card.classList.toggle("file-card--drop", name === "dragover");
    if (name !== "drop") return;
    form.elements.file.files = event.dataTransfer.files;
    if (!form.elements.label) form.requestSubmit();
  });
}

window.addEventListener("beforeunload", (event) => {
  if (running || waiting.length) event.preventDefault();
});
