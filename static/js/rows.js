// Adds a row to a formset without going to the server. Without this module the button posts name="add".
//
//   <div data-rows="members">              prefix of the formset
//     management form
//     <… class="rows__body">               receives the rows
//     <template data-rows-template>        an empty row, with __prefix__ in its names and __number__ in its title
//     <button class="rows__add">

export function addRow(container) {
  const total = container.querySelector(`[name="${container.dataset.rows}-TOTAL_FORMS"], [name="${container.dataset.rows}-TOTAL"]`);
  const maximum = container.querySelector(`[name="${container.dataset.rows}-MAX_NUM_FORMS"]`);
  const index = Number(total.value);
  if (maximum?.value && index >= Number(maximum.value)) return null;
  const template = container.querySelector("template[data-rows-template]");
  const row = document.importNode(template.content, true);
  fill(row, index);
  const body = container.querySelector(".rows__body");
  body.append(row);
  total.value = index + 1;
  const added = body.lastElementChild;
  added.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  container.dispatchEvent(new CustomEvent("rows:added", { bubbles: true, detail: { row: added, index } }));
  return added;
}

function fill(fragment, index) {
  for (const element of fragment.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.value.includes("__prefix__")) attribute.value = attribute.value.replaceAll("__prefix__", index);
    }
  }
  for (const element of fragment.querySelectorAll("[data-row-number]")) element.textContent = index + 1;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".rows__add");
  const container = button?.closest("[data-rows]");
  if (!container?.querySelector("template[data-rows-template]")) return;
  // A full table leaves the click to the server, which answers in words.
  if (addRow(container)) event.preventDefault();
});
