// Asking the server from a script: one answer in words whatever happens, and a token that follows a new sign-in.
const json = { Accept: "application/json" };
const page = document.body.dataset;

// Who is signed in and for how long, without prolonging it; null when the server cannot be reached.
export async function sessionStatus() {
  try {
    const answer = await fetch(document.querySelector("[data-status-url]").dataset.statusUrl, { headers: json });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

export function takeToken(token) {
  page.csrf = token;
  for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
}

// { outcome, … } where outcome is saved, conflict, refused, session, other, busy, server or network.
export async function post(url, body) {
  let answer = await send(url, body);
  if (answer.outcome !== "csrf") return answer;
  // The token changes with every sign-in: the page takes the new one and tries once more.
  const now = await sessionStatus();
  if (!now) return { outcome: "network" };
  if (now.user !== page.user) return { outcome: now.user ? "other" : "session" };
  takeToken(now.csrf);
  answer = await send(url, body);
  return answer.outcome === "csrf" ? { outcome: "server" } : answer;
}

async function send(url, body) {
  const headers = { ...json, "X-CSRFToken": page.csrf };
  try {
    // Browsers let only a small request outlive its page; a greater one is kept by the local copy.
    const keepalive = String(body).length < 60000;
    const answer = await fetch(url, { method: "POST", body, headers, keepalive, redirect: "manual" });
    const wait = 1000 * (Number(answer.headers.get("Retry-After")) || 0);
    const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    return { ...said, outcome: outcomeOf(answer, said), wait };
  } catch {
    return { outcome: "network" };
  }
}

function outcomeOf(answer, said) {
  if (["csrf", "conflict"].includes(said.reason)) return said.reason;
  if (answer.ok) return "version" in said ? "saved" : "server";
  if (answer.type === "opaqueredirect" || answer.status === 401) return "session";
  if (answer.status === 429) return "busy";
  return answer.status >= 500 ? "server" : "refused";
}
