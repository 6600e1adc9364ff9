// Where a save stands, in words beside the button; what could not be read, beside its field. The focus never moves, and a
// screen reader hears failures and the end of one, not every save.
const line = document.querySelector("[data-save-state]");
const said = document.querySelector("[data-save-said]");
const failures = new Set(["network", "server", "busy", "session", "other", "conflict", "refused"]);
let failed = false;

export function tell(outcome, answer = {}) {
  const words = answer.sentence || line.dataset[outcome] || answer.said;
  // A save that is tried again says nothing new until it has an answer.
  if (outcome === "saving" && failed) return;
  line.textContent = words;
  if (outcome === "session" || outcome === "other") line.append(" ", link());
  if (outcome === "conflict") line.append(" ", compare());
  line.classList.toggle("save-state--failed", failures.has(outcome));
  if (failures.has(outcome) || (failed && outcome === "saved")) said.textContent = words;
  if (outcome !== "saving" && outcome !== "changed") failed = failures.has(outcome);
}

export function tellSaved(answer) {
  const left = answer.errors.length;
  tell("saved", { said: left ? `${answer.said}. ${line.dataset.unread} ${left}` : answer.said });
}

function link() {
  const found = Object.assign(document.createElement("a"), { href: line.dataset.loginUrl, target: "_blank", rel: "noopener" });
  found.textContent = line.dataset.login;
  return found;
}

// Sends the form as any browser would: the page that answers shows both values.
function compare() {
  const button = Object.assign(document.createElement("button"), { className: "btn btn-sm btn-outline-danger" });
  button.textContent = line.dataset.compare;
  return button;
}

// Radio buttons and boxes have no single control: their block is named, « div_ » before the field's own name.
const placeOf = (id) => `${id.replace(/^div_/, "")}_error`;

export function showErrors(form, errors) {
  const known = new Set(errors.map(({ id }) => placeOf(id)));
  for (const old of form.querySelectorAll(".field__error")) if (!known.has(old.id)) clear(old);
  for (const { id, messages } of errors) show(document.getElementById(id), messages);
  for (const item of document.querySelectorAll("[data-error-summary] li")) {
    const address = item.querySelector("a")?.hash.slice(1);
    if (address && !known.has(placeOf(address))) item.remove();
  }
  const summary = document.querySelector("[data-error-summary]");
  if (summary && !summary.querySelector("li")) summary.remove();
}

function clear(old) {
  const control = document.getElementById(old.id.replace(/_error$/, ""));
  old.closest(".field")?.classList.remove("field--error");
  old.remove();
  control?.classList.remove("is-invalid");
  control?.removeAttribute("aria-invalid");
  describe(control, old.id, false);
}

function show(control, messages) {
  if (!control) return;
  const id = placeOf(control.id);
  let box = document.getElementById(id);
  if (!box) {
    box = document.querySelector("[data-field-error]").content.firstElementChild.cloneNode(true);
    box.id = id;
    const [field, legend] = [control.closest(".field"), control.querySelector("legend")];
    if (legend) legend.after(box);
    else if (field) control.before(box);
    else control.after(box);
    field?.classList.add("field--error");
    if (!legend) control.classList.add("is-invalid");
    if (!legend) control.setAttribute("aria-invalid", "true");
    describe(control, id, true);
  }
  const lines = messages.map((text) => Object.assign(document.createElement("p"), { textContent: text }));
  box.lastElementChild.replaceChildren(...lines);
}

function describe(control, id, on) {
  if (!control) return;
  const ids = new Set((control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (on) ids.add(id);
  else ids.delete(id);
  if (ids.size) control.setAttribute("aria-describedby", [...ids].join(" "));
  else control.removeAttribute("aria-describedby");
}
