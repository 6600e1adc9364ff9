// Characters typed beside the limit that the page already states.
const locale = { fr: "fr-FR", ar: "fr-FR" }[document.documentElement.lang] ?? "en";

for (const counter of document.querySelectorAll("[data-counter]")) {
  const field = document.getElementById(counter.dataset.counter);
  if (!field) continue;
  const max = Number(counter.dataset.max);
  const typed = document.createElement("bdi");
  counter.append(" · ", typed);
  const show = () => {
    // Browsers count a line break as one character, as the server does once it has normalised it.
    typed.textContent = `${field.value.length.toLocaleString(locale)} / ${max.toLocaleString(locale)}`;
    counter.classList.toggle("counter--over", field.value.length > max);
  };
  field.addEventListener("input", show);
  show();
}
