// htmx sends the same token as our forms.
document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf;
});

// After the end of the session the answer is the page of the login: a panel is no place for it.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  const asked = new URL(pathInfo.finalRequestPath ?? pathInfo.requestPath, location.href).pathname;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname !== asked) event.detail.shouldSwap = false;
});

// A page that is left takes its requests with it: nobody is there any more to be told, and htmx would call it an error.
const asking = new Set();
document.body.addEventListener("htmx:beforeSend", ({ detail: { xhr } }) => {
  asking.add(xhr);
  xhr.addEventListener("loadend", () => asking.delete(xhr));
});
window.addEventListener("beforeunload", () => {
  for (const xhr of asking) xhr.onabort = null;
});
