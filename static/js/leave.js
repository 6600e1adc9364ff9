// Warns before leaving a form with unsaved changes: <form data-leave-warning>, with an optional
// <span class="save-state" data-unsaved="Changes not saved"> that says so at once.
for (const form of document.querySelectorAll("form[data-leave-warning]")) {
  let changed = false;
  const state = form.querySelector("[data-unsaved]");
  const saved = state?.textContent;
  const mark = (value) => {
    changed = value;
    if (state) state.textContent = value ? state.dataset.unsaved : saved;
  };
  form.addEventListener("input", () => mark(true));
  // Where what is typed is saved by itself an empty row is nothing to lose.
  if (!form.matches("[data-autosave]")) form.addEventListener("rows:added", () => mark(true));
  form.addEventListener("submit", () => (changed = false));
  form.addEventListener("portal:saved", () => mark(false));
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
