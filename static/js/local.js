// What is typed and not saved yet is kept on this computer, per person and page, until the server has it. Signing out
// erases it, and so does another person's sign-in. Never a file, never a password: only forms of a step ask for it.
const start = "portal:copy:";
const mine = `${start}${document.body.dataset.user}:`;
const key = mine + location.pathname;
const month = 30 * 24 * 3600 * 1000;
const [, sign, hours, minutes] = document.body.dataset.serverNow.match(/([+-])(\d\d):(\d\d)$/) ?? [];
const offset = (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60000;
const drift = Date.parse(document.body.dataset.serverNow) - Date.now();
const locale = { fr: "fr-FR", ar: "ar-MA-u-nu-latn" }[document.documentElement.lang] ?? "en-GB";
let closed = false;

// { version, at, fields }; false when the browser has no room.
export function keep(copy) {
  if (closed) return false;
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now() + drift, ...copy }));
    return true;
  } catch {
    return false;
  }
}

export function kept() {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function drop() {
  erase((name) => name === key);
}

// A moment of the server's clock in words, in Morocco's time as the server has it.
export function inWords(at) {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" }).format(new Date(at + offset));
}

function erase(unwanted) {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(start) && unwanted(name)) localStorage.removeItem(name);
  } catch {
    // A browser that keeps nothing has nothing to erase.
  }
}

function isOld(name) {
  try {
    return JSON.parse(localStorage.getItem(name)).at < Date.now() - month;
  } catch {
    return true;
  }
}

erase((name) => !name.startsWith(mine) || isOld(name));

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-logout]") || event.defaultPrevented) return;
  const end = () => {
    closed = true;
    erase(() => true);
  };
  window.addEventListener("pagehide", end, { once: true });
});
