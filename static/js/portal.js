// Entry of every page. Each page works without it; it only loads what the page asks for. Addresses are written out, so that
// collecting the files can put the hashed ones in their place.
import "./htmx-csrf.js";

const modules = {
  "[data-error-summary], .field--error": () => import("./errors.js"),
  "[data-countdown]": () => import("./countdown.js"),
  "[data-counter]": () => import("./counters.js"),
  "[data-rows]": () => import("./rows.js"),
  "[data-confirm]": () => import("./confirm.js"),
  "[data-menu]": () => import("./menu.js"),
  "[data-leave-warning]": () => import("./leave.js"),
  "[data-grid]": () => import("./grid.js"),
  "form[data-upload]": () => import("./upload.js"),
  "[data-row-acts]": () => import("./row-acts.js"),
  "[data-filter]": () => import("./filter.js"),
  "[data-user]": () => import("./local.js"),
  "dialog[data-session]": () => import("./session.js"),
  "[data-autosave]": () => import("./autosave.js"),
  "form[data-keep]": () => import("./keep.js"),
  "[data-conflict]": () => import("./conflict.js"),
  "form[data-on-sight]": () => import("./on-sight.js"),
  "[data-pick]": () => import("./pick.js"),
  "[data-shortcuts]": () => import("./shortcuts.js"),
  "[data-piece-panel]": () => import("./piece-panel.js"),
  "[data-live]": () => import("./live.js"),
};

for (const [selector, load] of Object.entries(modules)) {
  if (document.querySelector(selector)) load();
}
