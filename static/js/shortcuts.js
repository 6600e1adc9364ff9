// j and k lead to the next and the previous page of a list: <span data-shortcuts hidden> holds the box that turns them off.
const place = document.querySelector("[data-shortcuts]");
const box = place.querySelector("input");
const KEY = "portal.shortcuts";
const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

place.hidden = false;
box.checked = localStorage.getItem(KEY) !== "off";
box.addEventListener("change", () => localStorage.setItem(KEY, box.checked ? "on" : "off"));

document.addEventListener("keydown", (event) => {
  if (!box.checked || event.ctrlKey || event.altKey || event.metaKey || event.target.closest(TYPING)) return;
  const rel = { j: "next", k: "prev" }[event.key];
  const link = rel && document.querySelector(`.page-head a[rel="${rel}"]`);
  if (link) link.click();
});
