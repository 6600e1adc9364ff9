// A copy left on this computer by an earlier visit: offered above the form, then put back or compared with what was saved since.
import { fieldsOf, putBack } from "./form-state.js";
import { drop, inWords, kept } from "./local.js";

// stamp: the input that says in which state the page was opened · isThere(body): has the server got it already? ·
// isTyping(): has the person begun to type here meanwhile?
export async function offerCopy(form, { stamp, isThere, isTyping }) {
  const found = kept();
  if (!found) return;
  const [theirs, here] = [found.fields, fieldsOf(form)].map((fields) => JSON.stringify(fields));
  const version = form.elements[stamp].value;
  if (theirs === here || (found.resolvedFrom && Number(version) > Number(found.resolvedFrom))) return drop();
  const isNewer = found.version !== version;
  // The server may have it although its answer was lost: sent again with its old version it is recognised, never written.
  if (isNewer && (await isThere(bodyOf(found, stamp)))) return drop();
  if (!isTyping()) show(form, found, stamp, isNewer);
}

function bodyOf(found, stamp) {
  const body = new URLSearchParams(found.fields);
  body.set(stamp, found.version);
  return body;
}

function show(form, found, stamp, isNewer) {
  const notice = document.querySelector("template[data-local-copy]").content.firstElementChild.cloneNode(true);
  const [when, newer, restore] = ["[data-when]", "[data-if-newer]", "[data-restore]"].map((name) => notice.querySelector(name));
  when.textContent = when.dataset.when.replace("{moment}", inWords(found.at));
  newer.hidden = !isNewer;
  restore.textContent = isNewer ? restore.dataset.newer : restore.dataset.restore;
  restore.addEventListener("click", () => {
    if (isNewer) return sendAsPage(form, bodyOf(found, stamp));
    notice.remove();
    putBack(form, found.fields);
  });
  notice.querySelector("[data-discard]").addEventListener("click", () => {
    drop();
    notice.remove();
  });
  form.before(notice);
}

function sendAsPage(form, body) {
  const other = Object.assign(document.createElement("form"), { method: "post", action: location.pathname, hidden: true });
  const more = ["csrfmiddlewaretoken", "seal"].map((name) => [name, form.elements[name].value]);
  for (const [name, value] of [...body, ...more]) {
    // A text area keeps line breaks as they are.
    const input = document.createElement("textarea");
    [input.name, input.value] = [name, value];
    other.append(input);
  }
  document.body.append(other);
  other.submit();
}
