// The page of a conflict: correcting one's own value below chooses it; once sent, the local copy has nothing more to offer.
import { keep, kept } from "./local.js";

const form = document.querySelector("form[data-conflict]");

form.addEventListener("input", (event) => {
  const line = document.querySelector(`[data-error-summary] th a[href="#${CSS.escape(event.target.id)}"]`)?.closest("tr");
  const mine = line?.querySelector("[data-keep=mine]");
  if (mine) mine.checked = true;
});

form.addEventListener("submit", () => {
  const found = kept();
  if (found) keep({ ...found, resolvedFrom: form.elements.version.value });
});
