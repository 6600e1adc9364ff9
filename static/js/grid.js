// Tables that move and paste as a spreadsheet does: <table data-grid>. Arrows, Enter (Shift+Enter is up) and Ctrl +
// arrows to the end of a row or a column; left and right only at the ends of the text, so that one can still correct a
// figure. A block of cells pasted fills the cells below and beside as it was copied: the server reads them.
import { addRow } from "./rows.js";

const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const editable = "input:not([type=hidden]):not([type=checkbox]), select";
let pasted = null;

for (const help of document.querySelectorAll("[data-pasted]")) help.hidden = false;

function atEdge(input, forward) {
  if (input.selectionStart === null || input.selectionStart === undefined) return true;
  return forward ? input.selectionEnd === input.value.length : input.selectionStart === 0 && input.selectionEnd === 0;
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  const table = input.closest?.("table[data-grid]");
  if (!table || !input.matches("input") || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.shiftKey) return undoPaste(table, event);
  const move = moves[event.key];
  if (!move || event.metaKey || (event.ctrlKey && event.key === "Enter")) return;
  let [down, across] = move;
  // The value itself is always left to right, even where the table is not.
  if (across && !event.ctrlKey && !atEdge(input, event.key === "ArrowRight")) return;
  // Ctrl and an arrow go from word to word in a cell that holds words.
  if (across && event.ctrlKey && !input.inputMode) return;
  if (event.key === "Enter" && event.shiftKey) down = -1;
  if (document.documentElement.dir === "rtl") across = -across;
  const target = event.ctrlKey ? last(input, down, across) : next(input, down, across);
  if (!target) {
    if (event.key === "Enter") event.preventDefault();
    return;
  }
  event.preventDefault();
  target.focus();
  target.select?.();
});

function next(input, down, across) {
  const row = input.closest("tr");
  const cells = [...row.children];
  const column = cells.indexOf(input.closest("td, th"));
  return across ? neighbour(cells, column, across) : vertical(row, column, down);
}

function last(input, down, across) {
  let [found, further] = [null, next(input, down, across)];
  while (further) [found, further] = [further, next(further, down, across)];
  return found;
}

function neighbour(cells, from, step) {
  for (let index = from + step; cells[index]; index += step) {
    const found = cells[index].querySelector(editable);
    if (found) return found;
  }
  return null;
}

// Groups of rows (expenses, income) are one column: the totals between them are stepped over.
function vertical(row, column, step) {
  const rows = [...row.closest("table").rows];
  for (let index = rows.indexOf(row) + step; rows[index]; index += step) {
    const found = rows[index].children[column]?.querySelector(editable);
    if (found) return found;
  }
  return null;
}

// Pasting a block ---------------------------------------------------------------------------------------------------------
document.addEventListener("paste", (event) => {
  const start = event.target;
  const table = start.closest?.("table[data-grid]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!table || !start.matches("input") || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
  event.preventDefault();
  fill(table, start, cellsOf(text));
});

// Rows and cells of a copied block; a cell that holds a line break or a tab comes between quotes.
function cellsOf(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  let end = "\t";
  while (end) {
    const found = cell.exec(source);
    if (!found) return source.split("\n").map((line) => line.split("\t"));
    rows.at(-1).push((found[1]?.replaceAll('""', '"') ?? found[2]).replace(/\s*\n\s*/g, " ").trim());
    [, , , end] = found;
    if (end === "\n") rows.push([]);
  }
  return rows;
}

function fill(table, start, block) {
  const before = [];
  let [row, outside] = [start, 0];
  for (const texts of block) {
    let input = row;
    for (const text of texts) {
      if (!input) outside += text ? 1 : 0;
      else {
        put(input, text, before);
        input = next(input, 0, 1);
      }
    }
    row = row && (next(row, 1, 0) ?? below(table, row));
  }
  pasted = { table, before };
  for (const { input } of before) input.dispatchEvent(new Event("input", { bubbles: true }));
  start.focus();
  say(table, before.length, outside);
}

// A new row where the table takes some; a table of fixed lines ends where it ends.
function below(table, input) {
  const container = table.closest("[data-rows]");
  const column = [...input.closest("tr").children].indexOf(input.closest("td, th"));
  const row = container && addRow(container);
  return row?.children[column]?.querySelector(editable) ?? null;
}

function put(input, text, before) {
  before.push({ input, value: input.value });
  if (input.matches("select")) {
    const wanted = text.toLocaleLowerCase();
    const option = [...input.options].find((one) => one.text.trim().toLocaleLowerCase() === wanted || one.value === text);
    if (option) input.value = option.value;
  } else {
    input.value = text;
  }
  before.at(-1).after = input.value;
}

// The browser's own undo knows nothing of a value set by a script: the block goes back whole, as long as it stands.
function undoPaste(table, event) {
  const isLast = pasted?.table === table && pasted.before.every(({ input, after }) => input.value === after);
  if (!isLast) return;
  event.preventDefault();
  for (const { input, value } of pasted.before) {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  pasted = null;
}

function say(table, filled, outside) {
  const status = table.parentElement.parentElement.querySelector("[data-pasted]");
  if (!status) return;
  const sentence = outside ? status.dataset.pastedOutside : status.dataset.pasted;
  status.textContent = sentence.replace("{filled}", filled).replace("{outside}", outside);
}
