// Rows ticked in a table: <table data-pick> with boxes named pk, one that ticks the whole page, and how many there are.
for (const table of document.querySelectorAll("table[data-pick]")) {
  const boxes = [...table.querySelectorAll('input[name="pk"]')];
  const all = table.querySelector("[data-pick-all]");
  const count = document.querySelector("[data-selection-count]");
  const say = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
    if (count) count.textContent = count.dataset.selectionCount.replace("{count}", ticked);
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    say();
  });
  table.addEventListener("change", say);
  // A page taken back from the browser's memory keeps its ticks.
  addEventListener("pageshow", say);
  say();
}
