// Sends a form without leaving the page as soon as the page is really looked at: <form data-on-sight>. The page says
// what has just been read; the button stays for those who browse without scripts.
function send(form) {
  form.hidden = true;
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).then(
    () => form.remove(),
    () => (form.hidden = false),
  );
}

for (const form of document.querySelectorAll("form[data-on-sight]")) {
  if (document.visibilityState === "visible") send(form);
  else document.addEventListener("visibilitychange", () => send(form), { once: true });
}
