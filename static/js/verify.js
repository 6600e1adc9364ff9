// Compares files with the registered fingerprint, in the browser: nothing is sent.
// The frozen application (.json) is compared with the page; every other file with what a frozen application, once
// recognised, says of it.

const zone = document.querySelector("[data-verify]");

if (zone && window.crypto?.subtle) {
  zone.hidden = false;
  const registered = new Set([...document.querySelectorAll("[data-registered]")].map((node) => node.dataset.registered));
  const results = zone.querySelector("[data-results]");
  const input = zone.querySelector("input[type=file]");
  const files = []; // {name, hash} of every file given so far; hash is "" when it could not be read
  const listed = new Map(); // hash -> name of each file of a recognised frozen application

  const hexadecimal = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  async function read(file) {
    try {
      const bytes = await file.arrayBuffer();
      const hash = hexadecimal(await crypto.subtle.digest("SHA-256", bytes));
      if (registered.has(hash)) {
        for (const piece of JSON.parse(new TextDecoder().decode(bytes)).documents) listed.set(piece.sha256, piece.name);
      }
      return { name: file.name, hash };
    } catch {
      return { name: file.name, hash: "" };
    }
  }

  function answer({ name, hash }) {
    const say = (key, title = "") => zone.dataset[key].replace(/\{(name|title)\}/g, (_, word) => (word === "name" ? name : title));
    if (!hash) return ["warn", [say("unread")]];
    if (registered.has(hash)) return ["ok", [say("frozen")]];
    if (listed.has(hash)) return ["ok", [say("piece", listed.get(hash))]];
    const isReceipt = /^accuse-.*\.pdf$/i.test(name);
    const sentences = [say(isReceipt ? "receipt" : "other")];
    if (!isReceipt && !listed.size) sentences.push(zone.dataset.first);
    return ["warn", sentences];
  }

  function line(file) {
    const [tone, sentences] = answer(file);
    const item = document.createElement("li");
    item.className = `notice notice--${tone}`;
    const body = document.createElement("div");
    body.className = "notice__body";
    for (const sentence of sentences) body.append(Object.assign(document.createElement("p"), { textContent: sentence }));
    if (file.hash) {
      const hash = Object.assign(document.createElement("code"), { className: "hash", textContent: file.hash });
      const computed = Object.assign(document.createElement("p"), { textContent: `${zone.dataset.computed} ` });
      computed.append(hash);
      body.append(computed);
    }
    item.append(body);
    return item;
  }

  async function compare(given) {
    zone.setAttribute("aria-busy", "true");
    for (const file of given) files.unshift(await read(file));
    results.replaceChildren(...files.map(line)); // all again: a frozen application explains files given before it
    zone.removeAttribute("aria-busy");
  }

  input.addEventListener("change", () => compare([...input.files]));
  // The whole page takes the drop: a file that misses the frame must not replace the page.
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    compare([...event.dataTransfer.files]);
  });
}
