// Saves one at a time; the latest state wins. What may or may not have reached the server is sent again as it was:
// the server knows a save it has already made by its content, and would take a changed one for somebody else's.
const uncertain = new Set(["network", "server"]);
const final = new Set(["conflict", "refused"]);
const longest = 60000;

// read(extra) → { body, extra, … } · post(body) → { outcome, … } · saved(answer, sent, isLast) · tell(outcome, answer)
export function makeQueue({ read, post, saved, tell }) {
  let [dirty, sent, running, stopped, wanted, last] = [false, null, null, "", null, null];
  let [tries, timer] = [0, 0];

  function run() {
    clearTimeout(timer);
    running ??= loop().finally(() => (running = null));
    return running;
  }

  async function loop() {
    while (!stopped && (dirty || sent)) {
      if (!sent) {
        dirty = false;
        sent = read(wanted);
      }
      tell("saving");
      const answer = await post(sent.body);
      if (answer.outcome !== "saved") return fail(answer);
      [last, tries] = [{ answer, extra: sent.extra }, 0];
      const done = sent;
      sent = null;
      saved(answer, done, !dirty);
    }
    return !stopped;
  }

  function fail(answer) {
    stopped = final.has(answer.outcome) ? answer.outcome : "";
    if (!uncertain.has(answer.outcome) || sent.extra) [sent, dirty] = [null, true];
    if (!stopped) timer = setTimeout(run, Math.max(answer.wait ?? 0, Math.min(longest, 2000 * 2 ** tries++)));
    tell(answer.outcome, answer);
    return false;
  }

  return {
    get isUnsaved() { return dirty || sent !== null; },
    // "conflict" or "refused" once nothing more can be saved from this page.
    get stopped() { return stopped; },
    // Something was typed: it goes after `delay` milliseconds without a further change.
    change(delay) {
      dirty = true;
      if (running || tries || stopped) return;
      clearTimeout(timer);
      timer = setTimeout(run, delay);
    },
    retry() { if (!stopped && (dirty || sent)) run(); },
    // Save everything now, with the button pressed (`extra`). The server's answer, or null when it could not be done.
    async flush(extra = null, { force = false } = {}) {
      [wanted, dirty] = [extra, dirty || force];
      let done = await run();
      if (done && force && last?.extra !== extra) {
        dirty = true;
        done = await run();
      }
      wanted = null;
      return done ? (last?.answer ?? {}) : null;
    },
  };
}
