// A file opened beside the text takes the focus, and the page gives it room; nothing of the page is loaded again.
function arrange(panel) {
  const open = panel.querySelector(".piece");
  panel.closest(".split")?.toggleAttribute("data-piece-open", Boolean(open));
  return open;
}

let opener = null;
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-opens-piece]");
  if (link) opener = link;
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const panel = document.getElementById("piece-panel");
  if (!panel || event.detail.target?.id !== "piece-panel") return;
  const open = arrange(panel);
  if (open) open.focus();
  else if (opener?.isConnected) opener.focus();
});
