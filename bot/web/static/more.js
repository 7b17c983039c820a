// What the chat page offers once there is something to offer it for: copying and printing an answer, a shell of the page for a
// phone without a line, and, inside another site's page, a conversation that survives going from page to page there.

// What a person would copy by hand: the words of an answer, rows of a table in one line each, links with their addresses.
function plain(item) {
  const lines = [];
  for (const part of item.querySelectorAll("p, li, caption, tr, dl > div")) {
    if (part.closest(".choices") || (part.matches("p") && part.closest("li") !== item)) continue;
    const cells = part.matches("tr, dl > div") ? [...part.children].map((cell) => cell.textContent.trim()) : [part.textContent];
    const text = cells.join(part.matches("tr") ? " | " : ": ").replace(/\s+/g, " ").trim();
    const address = part.querySelector("a")?.getAttribute("href");
    lines.push((part.matches("li") ? `• ${text}` : text) + (address && !text.includes(address) ? `\n${address}` : ""));
  }
  return lines.join("\n");
}

function copyButton({ words, node, status }, item) {
  const button = node("button", { type: "button", class: "quiet", lang: document.documentElement.lang, dir: document.documentElement.dir }, words.copy);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(plain(item));
      status.textContent = words.copied;
    } catch {
      status.textContent = words.uncopied;
    }
  });
  return button;
}

function addTools(chat, item) {
  if (!item.matches(".answered, .calculated, .handed_over") || item.querySelector(".tools")) return;
  item.append(chat.node("div", { class: "tools" }, copyButton(chat, item)));
}

// The shell holds the empty page, its files and nothing that was asked or answered.
async function keepShell() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const policy = window.trustedTypes?.createPolicy("worker", { createScriptURL: () => "/sw.js" });
  await navigator.serviceWorker.register(policy ? policy.createScriptURL("") : "/sw.js");
  const files = [...document.querySelectorAll("link[rel~=stylesheet], link[rel~=icon], script[src], .brand img")];
  const addresses = files.map((file) => file.href ?? file.src).concat(document.getElementById("log").dataset.more);
  const name = `shell ${addresses.join(" ")}`;
  for (const old of await caches.keys()) if (old.startsWith("shell ") && old !== name) await caches.delete(old);
  const cache = await caches.open(name);
  await cache.addAll([`/shell?lang=${document.documentElement.lang}`, ...addresses]);
}

// In another site's frame the browser gives us neither cookie nor storage: the launcher keeps the signed id for as long as that
// site's tab is open, and hands it to the next page's frame. Only sites that the operator has listed can frame us at all.
function tell(what, conversation) {
  parent.postMessage({ customsChat: what, conversation }, "*");
}

async function restore(chat) {
  const kept = new URLSearchParams(location.hash.slice(1)).get("conversation");
  if (!kept) return;
  const response = await fetch(`/api/v1/conversations/${encodeURIComponent(kept)}`).catch(() => null);
  if (!response?.ok || chat.list.children.length) return;
  for (const { text, reply } of (await response.json()).exchanges) {
    chat.withdraw();
    if (text) chat.said(text);
    if (reply) chat.show(reply);
  }
}

// How much of the field's text is read. Said when typing pauses, not at every key.
function counter({ words, field, numbers }) {
  const limit = +field.dataset.limit;
  const count = document.getElementById("count");
  let pause;
  return () => {
    clearTimeout(pause);
    const left = limit - [...field.value.trim()].length;
    const sentence = left < 0 ? words.over : left <= limit / 5 ? words.left : "";
    if (!sentence) count.textContent = "";
    else pause = setTimeout(() => { count.textContent = sentence.replace("{count}", numbers.format(Math.abs(left))); }, 500);
  };
}

export function start(chat) {
  for (const one of document.querySelectorAll("[data-script]")) one.hidden = false;
  document.getElementById("print").addEventListener("click", () => window.print());
  addEventListener("beforeprint", () => {
    for (const folded of chat.list.querySelectorAll("details")) folded.open = true;
  });
  for (const item of chat.list.querySelectorAll(".reply")) addTools(chat, item);
  if (chat.framed) {
    addEventListener("keydown", (event) => {
      if (event.key === "Escape") tell("close");
    });
    document.addEventListener("submit", (event) => {
      if (["/delete", "/restart"].includes(event.target.getAttribute("action"))) tell("forget");
    });
    restore(chat);
  }
  let keeping = false;
  function keep() {
    if (keeping || chat.framed) return;
    keeping = true;
    keepShell().catch((reason) => console.warn("The page is not kept for going offline:", reason));
  }
  if (chat.list.children.length) keep();
  return {
    measure: counter(chat),
    shown(item, reply) {
      addTools(chat, item);
      if (chat.framed) tell("keep", reply.conversation);
      keep();
    },
  };
}
