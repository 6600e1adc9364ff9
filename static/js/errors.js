// The error summary takes the focus; its links put the cursor in the field.
const summary = document.querySelector("[data-error-summary]");

if (summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    const field = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    if (!field) return;
    event.preventDefault();
    field.closest("details:not([open])")?.setAttribute("open", "");
    field.closest(".field, td, fieldset")?.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  });
} else {
  document.querySelector(".field--error :is(input, select, textarea)")?.focus();
}
