// Shows the rows of a table that hold every word typed: <form data-filter="id of the table" hidden>.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

for (const form of document.querySelectorAll("[data-filter]")) {
  const rows = [...document.getElementById(form.dataset.filter).tBodies[0].rows].map((row) => [row, plain(row.textContent)]);
  const field = form.querySelector("input");
  const count = form.querySelector("[data-filter-count]");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [row, text] of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = words.length ? count.dataset.filterCount.replace("{shown}", shown).replace("{count}", rows.length) : "";
  });
}
