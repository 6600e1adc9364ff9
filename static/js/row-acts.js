// Rows moved at once, by their buttons or by Alt + up and down arrows. Without this module each button sends the page.
//
//   <section data-row-acts="The row is now in place {place} of {count}.">   rows of the step's form: their numbers change
//     <… class="rows__row" id="board-2">                                    places, the form is saved as it usually is
//   <table data-row-acts data-failed="…">                                   rows of their own pages: the server is told
//     <tr class="rows__row" id="members-row-12"> <button name="act" value="up:members-12" form="members-acts">

let waiting = Promise.resolve();
const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);

export function say(sentence) {
  // The same sentence twice is read twice.
  status.textContent = status.textContent === sentence ? `${sentence}\u00a0` : sentence;
}

function neighbour(row, verb) {
  const side = verb === "up" ? "previousElementSibling" : "nextElementSibling";
  return row[side]?.classList.contains("rows__row") ? row[side] : null;
}

// The other row is taken around this one, so that the focus stays where it is.
function exchange(row, other, verb) {
  if (verb === "up") row.after(other);
  else row.before(other);
}

function renumber(row, from, to) {
  const name = new RegExp(`${from}(?![0-9])`, "g");
  for (const element of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of element.attributes) {
      const typed = attribute.name === "value" && element.tagName !== "BUTTON";
      if (!typed && attribute.value.includes(from)) attribute.value = attribute.value.replace(name, to);
    }
  }
  const number = Number(to.match(/[0-9]+$/)?.[0]) + 1;
  for (const element of row.querySelectorAll("[data-row-number]")) element.textContent = number;
}

function moveInForm(container, row, other, verb) {
  const [mine, theirs] = [row.id, other.id];
  const aside = mine.replace(/[0-9]+$/, "aside");
  exchange(row, other, verb);
  renumber(row, mine, aside);
  renumber(other, theirs, mine);
  renumber(row, aside, theirs);
  const rows = [...row.parentElement.children].filter((element) => element.classList.contains("rows__row"));
  say(container.dataset.rowActs.replace("{place}", rows.indexOf(row) + 1).replace("{count}", rows.length));
  row.dispatchEvent(new Event("input", { bubbles: true }));
}

function moveOnServer(container, row, other, verb, button) {
  exchange(row, other, verb);
  const data = new FormData(button.form);
  data.set("act", button.value);
  waiting = waiting
    .then(() => fetch(button.form.action, { method: "POST", body: data, headers: { Accept: "application/json" } }))
    .then((answer) => answer.json().then((found) => ({ ok: answer.ok, ...found })))
    .catch(() => ({ ok: false, sentence: container.dataset.failed }))
    .then(({ ok, sentence }) => {
      if (!ok) exchange(row, other, verb === "up" ? "down" : "up");
      say(sentence);
      if (!ok) window.alert(sentence);
    });
}

function move(button) {
  const [verb] = button.value.split(":");
  const container = button.closest("[data-row-acts]");
  const row = button.closest(".rows__row");
  const other = neighbour(row, verb);
  if (!other) return;
  for (const moved of document.querySelectorAll(".rows__row--moved")) moved.classList.remove("rows__row--moved");
  row.classList.add("rows__row--moved");
  if (container.dataset.rowActs) moveInForm(container, row, other, verb);
  else moveOnServer(container, row, other, verb, button);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-row-acts] button[name=act]");
  if (!button || !/^(up|down):/.test(button.value)) return;
  event.preventDefault();
  move(button);
});

document.addEventListener("keydown", (event) => {
  const verb = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  // In a list of choices these keys open it.
  if (!verb || !event.altKey || event.ctrlKey || event.metaKey || event.target.matches("select")) return;
  const button = event.target.closest("[data-row-acts] .rows__row")?.querySelector(`button[name=act][value^="${verb}:"]`);
  if (!button) return;
  event.preventDefault();
  move(button);
});
