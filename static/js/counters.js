// Characters typed beside the limit that the page already states; words, where the limit is in words (`data-words`).
const locale = { fr: "fr-FR", ar: "fr-FR" }[document.documentElement.lang] ?? "en";

const words = (text) => text.split(/\s+/).filter((run) => /[\p{L}\p{N}]/u.test(run)).length;

for (const counter of document.querySelectorAll("[data-counter]")) {
  const field = document.getElementById(counter.dataset.counter);
  if (!field) continue;
  const max = Number(counter.dataset.max);
  const typed = document.createElement("bdi");
  counter.append(" · ", typed);
  // Browsers count a line break as one character, as the server does once it has normalised it; words as rules/delays.py.
  const length = "words" in counter.dataset ? words : (text) => text.length;
  const show = () => {
    const count = length(field.value);
    typed.textContent = `${count.toLocaleString(locale)} / ${max.toLocaleString(locale)}`;
    counter.classList.toggle("counter--over", count > max);
  };
  field.addEventListener("input", show);
  show();
}
