// Entry of every page. Each page works without it; it only loads what the page asks for.
import "./htmx-csrf.js";

const modules = {
  "[data-error-summary], .field--error": "./errors.js",
  "[data-countdown]": "./countdown.js",
  "[data-counter]": "./counters.js",
  "[data-rows]": "./rows.js",
  "[data-confirm]": "./confirm.js",
  "[data-menu]": "./menu.js",
  "[data-leave-warning]": "./leave.js",
  "[data-grid]": "./grid.js",
  "form[data-upload]": "./upload.js",
  "[data-row-acts]": "./row-acts.js",
  "[data-filter]": "./filter.js",
  "[data-user]": "./local.js",
  "dialog[data-session]": "./session.js",
  "[data-autosave]": "./autosave.js",
  "form[data-keep]": "./keep.js",
  "[data-conflict]": "./conflict.js",
  "form[data-on-sight]": "./on-sight.js",
  "[data-pick]": "./pick.js",
  "[data-shortcuts]": "./shortcuts.js",
  "[data-piece-panel]": "./piece-panel.js",
  "[data-live]": "./live.js",
};

for (const [selector, path] of Object.entries(modules)) {
  if (document.querySelector(selector)) import(path);
}
