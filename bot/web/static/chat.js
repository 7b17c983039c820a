// Makes the chat page quicker: sends in the background and appends the answer. Without this file the page works by forms.
// Nodes are made here as templates/blocks.html makes them; text is never taken for markup.

const byId = (id) => document.getElementById(id);
const log = byId("log");
const list = log.firstElementChild;
const field = byId("text");
const country = byId("administration");
const status = byId("status");
const problem = byId("problem");
const words = JSON.parse(log.dataset.words);
const page = document.documentElement;
// Plain "en" would be written the American way; bot/web/language.py does the same.
const dates = new Intl.DateTimeFormat(`${page.lang.replace(/^en$/, "en-GB")}-u-ca-gregory-nu-latn`, { dateStyle: "long", timeZone: "UTC" });
const TIMEOUT_MS = 20000; // longer than the server's own deadline
const MAX_CHARS = 4000; // the server reads less and says so; a pasted book need not travel

let conversation; // signed id; the cookie does not reach us when another site frames the page
let busy = false;

function node(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) made.setAttribute(name, value);
  made.append(...children.flat());
  return made;
}

function isolate(text, rtl) {
  if (!rtl) return [text];
  const parts = text.split(/(\+\d[\d ()-]*\d|\d+(?:[-/.:]\d+)+)/);
  return parts.map((part, i) => (i % 2 ? node("bdi", { dir: "ltr" }, part) : part));
}

function link(url, attributes, ...children) {
  return /^(https?|mailto|tel):/i.test(url) ? node("a", { href: url, rel: "noopener", ...attributes }, ...children) : children[0];
}

const isDate = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text ?? "");
const longDate = (text) => (isDate(text) && !isNaN(new Date(text)) ? dates.format(new Date(text)) : text);
const dated = (sentence, text) => node("bdi", {}, sentence.replace("{date}", longDate(text)));

function choices(label, items, attributes = {}) {
  const buttons = items.map(({ title, payload }) =>
    node("button", { form: "ask", name: "choice", value: `${payload}|${title}`, dir: "auto" }, title));
  return node("div", { class: "choices", role: "group", "aria-label": label, ...attributes },
    label ? node("p", {}, label) : [], buttons);
}

const renderers = {
  paragraph: (b, t) => node("p", {}, t(b.text)),
  notice: (b, t) => node("p", { class: `notice ${b.level}` }, t(b.text)),
  list: (b, t) => node(b.ordered ? "ol" : "ul", {}, b.items.map((item) => node("li", {}, t(item)))),
  card: (b, t) => node("div", { class: "card" }, node("p", {}, node("strong", {}, t(b.title))),
    b.text ? node("p", {}, t(b.text)) : [],
    b.rows?.length
      ? node("dl", {}, b.rows.map(([k, v]) => node("div", {}, node("dt", {}, t(k)), node("dd", {}, t(v))))) : [],
    b.url ? node("p", {}, link(b.url, {}, node("bdi", { dir: "ltr" }, b.url))) : []),
  table: (b, t) => node("div", { class: "wide", tabindex: 0 }, node("table", {},
    b.caption ? node("caption", {}, t(b.caption)) : [],
    node("thead", {}, node("tr", {}, b.columns.map((c) => node("th", { scope: "col" }, t(c))))),
    node("tbody", {}, b.rows.map((row) => node("tr", {}, row.map((cell) => node("td", {}, t(cell)))))))),
  source: (b) => node("p", { class: "source" }, node("span", { class: "tag" }, words.source), " ",
    link(b.url, { dir: "auto" }, b.title), " ", b.publisher ? [node("bdi", {}, b.publisher), " · "] : [],
    dated(words.checked, b.checked), isDate(b.as_of) ? [" ", dated(`(${words.asOf})`, b.as_of)] : []),
  buttons: (b) => choices(b.label, b.items),
};

function bubble(kind, who, attributes, ...children) {
  const speaker = node("span", { class: "vh", lang: page.lang }, `${who}: `);
  const item = node("li", { class: kind, ...attributes }, speaker, ...children);
  list.append(item);
  return item;
}

function show(reply) {
  const text = (value) => isolate(value, reply.direction === "rtl");
  const nodes = reply.blocks.map((block) => renderers[block.type]?.(block, text) ?? []);
  if (["answered", "calculated"].includes(reply.outcome)) {
    nodes.push(choices(words.helpful, [
      { title: words.yes, payload: '/give_feedback{"rating":"up"}' },
      { title: words.no, payload: '/give_feedback{"rating":"down"}' },
    ], { class: "choices rate", lang: page.lang, dir: page.dir }));
  }
  const item = bubble(`reply ${reply.outcome}`, words.assistant, { lang: reply.language, dir: reply.direction }, nodes);
  byId("own").hidden = false;
  if (reply.administration && [...country.options].some(({ value }) => value === reply.administration)) {
    country.value = reply.administration;
  }
  remember();
  return item;
}

// A reload and the language links keep the country.
function remember() {
  for (const anchor of [...document.querySelectorAll("a[hreflang]"), location]) {
    const address = new URL(anchor.href);
    if (country.value) address.searchParams.set("administration", country.value);
    else address.searchParams.delete("administration");
    address.hash = "";
    if (anchor === location) history.replaceState(null, "", address);
    else anchor.href = address;
  }
}

async function post(message) {
  const { text, payload, key, administration } = message;
  const body = { text, payload, administration, conversation, language: page.lang, idempotency_key: key };
  const response = await fetch("/api/v1/messages", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout?.(TIMEOUT_MS),
  }).catch(() => { throw words.unsent; });
  if (response.ok) return response.json().catch(() => { throw words.unsent; });
  if (response.status === 404 && conversation) {
    conversation = undefined; // the server no longer knows it: begin anew
    return post(message);
  }
  throw { 429: words.tooMany, 413: words.tooLong }[response.status] ?? words.wrong;
}

async function send(message) {
  if (busy) return;
  busy = true;
  const focused = document.activeElement;
  for (const old of document.querySelectorAll("#start, .choices, form.retry")) {
    old.replaceWith(...(old.matches(".reply > .choices:not(.rate)") ? old.querySelectorAll("p") : []));
  }
  if (focused !== field && !focused.isConnected) field.focus({ preventScroll: true });
  problem.replaceChildren();
  message.bubble ??= message.text ? bubble("said", words.you, {}, node("p", { dir: "auto" }, message.text)) : undefined;
  message.bubble?.scrollIntoView();
  status.textContent = words.waiting;
  try {
    const reply = await post(message);
    conversation = reply.conversation;
    if (reply.outcome === "failed" && reply.reason !== "empty") throw reply.blocks.map((block) => block.text).join(" ");
    const shown = show(reply);
    (message.bubble ?? shown).scrollIntoView();
  } catch (reason) {
    const retry = node("button", { type: "button" }, words.retry);
    retry.addEventListener("click", () => {
      field.focus({ preventScroll: true });
      send(message);
    });
    problem.replaceChildren(node("p", { dir: "auto" }, typeof reason === "string" ? reason : words.wrong), retry);
    if (typeof reason !== "string") console.error(reason);
  } finally {
    status.textContent = "";
    busy = false;
  }
}

const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/ask") return;
  event.preventDefault();
  if (busy) return;
  const data = new FormData(form);
  if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
  const [, payload, title] = /^([^|]+)\|(.*)$/s.exec(data.get("choice") ?? "") ?? [];
  const text = (title ?? data.get("suggestion") ?? data.get("text") ?? "").trim().slice(0, MAX_CHARS);
  const retried = form.className === "retry";
  if (!text && !payload) return field.focus();
  if (!payload && !data.has("suggestion") && !retried) field.value = "";
  field.focus({ preventScroll: true });
  const message = { text, payload, key: retried ? data.get("key") : newKey(), administration: country.value || undefined };
  if (retried) {
    message.bubble = form.closest("li").previousElementSibling;
    form.closest("li").remove();
  }
  send(message);
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  field.form.requestSubmit();
});

country.addEventListener("change", remember);
