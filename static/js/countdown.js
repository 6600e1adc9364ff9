// Time left until a deadline, by the server's clock: a wrong computer clock changes nothing.
const drift = Date.parse(document.body.dataset.serverNow) - Date.now();
const locale = { fr: "fr-MA", ar: "ar-MA" }[document.documentElement.lang] ?? "en";

function words(count, unit) {
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long", numberingSystem: "latn" }).format(count);
}

export function timeLeft(milliseconds) {
  const minutes = Math.floor(milliseconds / 60000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days) return `${words(days, "day")} ${words(hours, "hour")}`;
  if (hours) return `${words(hours, "hour")} ${words(rest, "minute")}`;
  if (rest >= 10) return words(rest, "minute");
  return `${words(rest, "minute")} ${words(Math.floor(milliseconds / 1000) % 60, "second")}`;
}

function tick() {
  let soonest = Infinity;
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const left = Date.parse(element.dataset.countdown) - (Date.now() + drift);
    const text = left < 0 ? element.dataset.over : timeLeft(left);
    if (element.textContent !== text) element.textContent = text;
    if (left < 0) element.closest(".deadline")?.classList.replace("deadline--soon", "deadline--over");
    else soonest = Math.min(soonest, left);
  }
  if (soonest !== Infinity) setTimeout(tick, soonest < 600000 ? 1000 : 15000);
}

tick();
