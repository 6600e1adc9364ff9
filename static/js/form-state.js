// What a form of a step holds: read for a save or for the local copy, put back, told what the server answered.
import { addRow } from "./rows.js";

const own = new Set(["csrfmiddlewaretoken", "seal", "version", "seen"]);

// [[name, text]] of everything typed, the numbers of rows included; never a file.
export function fieldsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !own.has(name));
}

// The same without the numbers of the rows, as one text: equal when nothing was typed in between.
export function contentOf(form) {
  return JSON.stringify(fieldsOf(form).filter(([name]) => !name.endsWith("-id")));
}

// One save: its body, and the inputs that will receive the numbers of the rows, whatever happens to the table meanwhile.
export function read(form, extra) {
  const body = new URLSearchParams(fieldsOf(form));
  body.set("version", form.elements.version.value);
  if (extra) body.append(extra.name, extra.value);
  const rows = [...form.querySelectorAll("input[type=hidden][name$='-id']")].map((input) => [input.name.slice(0, -3), input]);
  return { body, extra, rows };
}

export function takeAnswer(form, answer, rows) {
  form.elements.version.value = answer.version;
  for (const [prefix, input] of rows) {
    const number = answer.rows[prefix];
    if (!number) continue;
    if (!input.isConnected && input.value !== number) remove(form, prefix, number);
    input.value = number;
  }
}

// A new row taken off the page while it was being saved: it exists now, and the next save removes it.
function remove(form, prefix, number) {
  if (form.elements[`${prefix}-id`]) return;
  for (const [name, value] of [["id", number], ["DELETE", "on"]]) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name: `${prefix}-${name}`, value });
    form.append(input);
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

export function putBack(form, fields) {
  const values = group(fields);
  for (const container of form.querySelectorAll("[data-rows]")) {
    const total = form.elements[`${container.dataset.rows}-TOTAL`];
    const wanted = Number(values.get(total.name)?.[0][1] ?? 0);
    while (Number(total.value) < wanted && addRow(container));
  }
  for (const control of form.elements) {
    if (!control.name || own.has(control.name) || control.matches("button, [type=file], [name$='-TOTAL']")) continue;
    if (give(control, (values.get(control.name) ?? []).map(([, value]) => value))) {
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

function group(fields) {
  const found = new Map();
  for (const field of fields) found.set(field[0], [...(found.get(field[0]) ?? []), field]);
  return found;
}

// Whether the control changed.
function give(control, values) {
  if (control.matches("[type=checkbox], [type=radio]")) {
    const before = control.checked;
    control.checked = values.includes(control.value);
    return control.checked !== before;
  }
  const before = control.value;
  control.value = values[0] ?? "";
  return control.value !== before;
}
