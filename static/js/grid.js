// Arrow keys move between the inputs of a table as in a spreadsheet: <table data-grid>. Left and right only at the
// ends of the text, so that one can still correct a figure.
const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const editable = "input:not([type=hidden]):not([type=checkbox]), select";

function atEdge(input, forward) {
  if (input.selectionStart === null || input.selectionStart === undefined) return true;
  return forward ? input.selectionEnd === input.value.length : input.selectionStart === 0 && input.selectionEnd === 0;
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  const table = input.closest?.("table[data-grid]");
  const move = moves[event.key];
  if (!table || !move || !input.matches("input") || event.altKey || event.ctrlKey || event.metaKey) return;
  let [down, across] = move;
  // The value itself is always left to right, even where the table is not.
  if (across && !atEdge(input, event.key === "ArrowRight")) return;
  if (document.documentElement.dir === "rtl") across = -across;
  const row = input.closest("tr");
  const cells = [...row.children];
  const target = across ? neighbour(cells, cells.indexOf(input.closest("td, th")), across) : vertical(row, cells.indexOf(input.closest("td, th")), down);
  if (!target) {
    if (event.key === "Enter") event.preventDefault();
    return;
  }
  event.preventDefault();
  target.focus();
  target.select?.();
});

function neighbour(cells, from, step) {
  for (let index = from + step; cells[index]; index += step) {
    const found = cells[index].querySelector(editable);
    if (found) return found;
  }
  return null;
}

function vertical(row, column, step) {
  const side = step > 0 ? "nextElementSibling" : "previousElementSibling";
  for (let other = row[side]; other; other = other[side]) {
    const found = other.children[column]?.querySelector(editable);
    if (found) return found;
  }
  return null;
}
