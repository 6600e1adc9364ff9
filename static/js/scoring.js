// Scoring sheet: the meaning of the mark in focus or chosen, under its row. Without this script the list of levels stays.
const rowOf = (input) => document.querySelector(`[data-anchor-for="${CSS.escape(input.name)}"]`);

function meaning(input) {
  if (input.dataset.anchor) return input.dataset.anchor;
  // A half point lies between two described levels.
  const marks = [...input.closest(".score-scale__row").querySelectorAll("input")];
  const at = marks.indexOf(input);
  return [marks[at - 1], marks[at + 1]].map((mark) => mark?.dataset.anchor).filter(Boolean).join(" / ");
}

function show(input) {
  const place = rowOf(input);
  if (place) place.textContent = meaning(input);
}

// A consensus mark outside the evaluators' range asks for its reason: the field unfolds at once.
function unfold(input) {
  const row = input.closest("[data-range]");
  if (!row) return;
  const [low, high] = row.dataset.range.split(" ").map(Number);
  if (Number(input.value) < low || Number(input.value) > high) row.querySelector("details[data-outside]").open = true;
}

for (const scale of document.querySelectorAll(".score-scale__row")) {
  scale.addEventListener("focusin", (event) => show(event.target));
  scale.addEventListener("change", (event) => {
    show(event.target);
    unfold(event.target);
  });
  const chosen = scale.querySelector("input:checked");
  if (chosen) show(chosen);
}
