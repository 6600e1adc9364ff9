// The screen of a session asks every few seconds what changed. An unchanged answer (304) leaves the page as it is; when what
// may be done has changed, the controls beside it say that they are out of date.
const live = document.querySelector("[data-live]");
const token = () => live.querySelector("[data-live-token]")?.dataset.liveToken;
const opened = token();
let etag = live.dataset.live;

document.body.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt === live) event.detail.headers["If-None-Match"] = etag;
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target !== live) return;
  const { xhr } = event.detail;
  if (!answered(xhr) || xhr.status === 304) event.detail.shouldSwap = false;
  else etag = xhr.getResponseHeader("ETag");
});

// No answer, or that of another page (the sign-in one): a screen that stands still says so until it follows again.
const lost = document.querySelector("[data-live-lost]");
const answered = (xhr) => xhr.status === 304 || (xhr.status === 200 && xhr.getResponseHeader("ETag") !== null);

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt === live && lost) lost.hidden = answered(event.detail.xhr);
});

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== live) return;
  const stale = document.querySelector("[data-live-stale]");
  if (stale) stale.hidden = token() === opened;
});
