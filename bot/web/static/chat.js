// Makes the chat page quicker: sends in the background and appends the answer. Without this file the page works by forms.
// Nodes are made here as templates/blocks.html makes them; text is never taken for markup. What nobody needs before the first
// answer is in more.js, so that a slow line carries less.

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
const locale = `${page.lang.replace(/^en$/, "en-GB")}-u-ca-gregory-nu-latn`;
const dates = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
const numbers = new Intl.NumberFormat(locale);
const TIMEOUT_MS = 20000; // longer than the deadline of the server
const SLOW_MS = 6000;
const PAUSES_MS = [1000, 4000]; // before the second and the third try on a broken line
const MAX_CHARS = 4000; // the server reads less and says so; a pasted book need not travel
const SHOWN_CHOICES = 8; // of more, the rest is folded
const SHOWN_SOURCES = 3; // in one run

let conversation; // signed id; the cookie does not reach us when another site frames the page
let busy = false;
let more; // the module more.js, once it was needed

function node(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) made.setAttribute(name, value);
  made.append(...children.flat());
  return made;
}

// customs/bidi.py says what falls apart in right-to-left text.
const fragile = /(\+\d[\d ()-]*\d|(?:[A-Z]{0,2}[$£€][ \xa0]?\d+(?:[.,]\d+)*|\d+(?:[.,]\d+)*(?=[-–/: \xa0]\d|[ \xa0]?[%€]))(?:[-–/: \xa0]\d+(?:[.,]\d+)*)*(?:[ \xa0]?[%€])?)/;

function isolate(text, rtl) {
  if (!rtl) return [text];
  if (/\p{L}/u.test(text) && !/[\u0590-\u08ff]/.test(text)) return [node("bdi", {}, text)];
  const parts = text.split(fragile);
  return parts.map((part, i) => (i % 2 ? node("bdi", { dir: "ltr" }, part) : part));
}

function link(url, attributes, ...children) {
  return /^(https?|mailto|tel):/i.test(url) ? node("a", { href: url, rel: "noopener", ...attributes }, ...children) : children[0];
}

const isDate = (text) => /^\d{4}-\d{2}-\d{2}$/.test(text ?? "");
const longDate = (text) => (isDate(text) && !isNaN(new Date(text)) ? dates.format(new Date(text)) : text);
const dated = (sentence, text) => node("bdi", {}, sentence.replace("{date}", longDate(text)));

function choices(label, items, t, attributes = {}) {
  const buttons = items.map(({ title, payload }) =>
    node("button", { form: "ask", name: "choice", value: `${payload}|${title}`, dir: "auto" }, t(title)));
  const rest = buttons.length > SHOWN_CHOICES ? buttons.splice(SHOWN_CHOICES - 2) : [];
  return node("div", { class: "choices", role: "group", "aria-label": label, ...attributes },
    label ? node("p", {}, t(label)) : [], buttons,
    rest.length ? node("details", {}, node("summary", {}, words.more), node("div", { class: "choices" }, rest)) : []);
}

// Amounts stand under each other and are not broken; a column is one of amounts when each of its cells is short and has a digit.
function isAmounts(rows, column) {
  const cells = rows.map((row) => row[column] ?? "").filter((cell) => !/^[-–—]?$/.test(cell));
  return column > 0 && cells.length > 0 && cells.every((cell) => cell.length <= 24 && /[0-9]/.test(cell));
}

function table(b, t) {
  const kind = b.columns.map((_, i) => (isAmounts(b.rows, i) ? "amount" : null));
  const cell = (text, i) => (i ? node("td", { class: kind[i] }, t(text)) : node("th", { scope: "row" }, t(text)));
  return node("div", { class: "wide", tabindex: 0, role: "group", "aria-label": b.caption || words.table }, node("table", {},
    b.caption ? node("caption", {}, t(b.caption)) : [],
    node("thead", {}, node("tr", {}, b.columns.map((c, i) => node("th", { scope: "col", class: kind[i] }, t(c))))),
    node("tbody", {}, b.rows.map((row) => node("tr", {}, row.map(cell))))));
}

function source(b) {
  return node("p", { class: "source", lang: page.lang, dir: page.dir }, node("span", { class: "tag" }, words.source), " ",
    link(b.url, { dir: "auto" }, b.title), " ", b.publisher ? [node("bdi", {}, b.publisher), " · "] : [],
    dated(words.checked, b.checked), isDate(b.as_of) ? [" ", dated(`(${words.asOf})`, b.as_of)] : []);
}

// A longer run of sources is folded after its second, as bot/web/render.py does it.
function folded(blocks) {
  const shown = [];
  let run = [];
  const close = () => {
    const rest = run.length > SHOWN_SOURCES ? run.splice(2) : [];
    shown.push(...run, ...(rest.length ? [{ type: "sources", items: rest }] : []));
    run = [];
  };
  for (const block of blocks) {
    if (block.type === "source") run.push(block);
    else close(), shown.push(block);
  }
  close();
  return shown;
}

const isRelated = (b) => b.items.every(({ payload }) => payload.startsWith("/choose_entry"));

const renderers = {
  paragraph: (b, t) => node("p", {}, t(b.text)),
  notice: (b, t) => node("p", { class: `notice ${b.level}` }, t(b.text)),
  list: (b, t) => node(b.ordered ? "ol" : "ul", {}, b.items.map((item) => node("li", {}, t(item)))),
  card: (b, t) => node("div", { class: "card" }, node("p", {}, node("strong", {}, t(b.title))),
    b.text ? node("p", {}, t(b.text)) : [],
    b.rows?.length
      ? node("dl", {}, b.rows.map(([k, v]) => node("div", {}, node("dt", {}, t(k)), node("dd", {}, contact(v, t))))) : [],
    b.url ? node("p", {}, link(b.url, {}, node("bdi", { dir: "ltr" }, b.url))) : []),
  table,
  source,
  sources: (b) => node("details", { lang: page.lang, dir: page.dir }, node("summary", {}, words.sources), b.items.map(source)),
  // What an answer offers goes with the next question; the words of a question that was asked back stay.
  buttons: (b, t, answers) => (answers
    ? choices(b.label || (isRelated(b) ? words.related : null), b.items, t, { class: "choices offer" }) : choices(b.label, b.items, t)),
};

// A value that is a phone number or a mail address as a whole can be tapped.
function contact(value, t) {
  if (/^\+\d[\d ()-]{5,24}$/.test(value)) return link(`tel:${value.replace(/[^+\d]/g, "")}`, {}, node("bdi", { dir: "ltr" }, value));
  if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(value)) return link(`mailto:${value}`, {}, node("bdi", { dir: "ltr" }, value));
  return t(value);
}

function bubble(kind, who, attributes, ...children) {
  const speaker = node("span", { class: "vh", lang: page.lang }, `${who}: `);
  const item = node("li", { class: kind, ...attributes }, speaker, ...children);
  list.append(item);
  return item;
}

const said = (text) => bubble("said", words.you, {}, node("p", { dir: "auto" }, text));

function show(reply) {
  const text = (value) => isolate(value, reply.direction === "rtl");
  const answers = ["answered", "calculated"].includes(reply.outcome);
  const nodes = folded(reply.blocks).map((block) => renderers[block.type]?.(block, text, answers) ?? []);
  if (answers) {
    nodes.push(choices(words.helpful, [
      { title: words.yes, payload: '/give_feedback{"rating":"up"}' },
      { title: words.no, payload: '/give_feedback{"rating":"down"}' },
    ], String, { class: "choices rate", lang: page.lang, dir: page.dir }));
  }
  const item = bubble(`reply ${reply.outcome}`, words.assistant, { lang: reply.language, dir: reply.direction }, nodes);
  conversation = reply.conversation;
  for (const own of document.querySelectorAll("input[name=conversation]")) own.value = conversation;
  byId("own").hidden = false;
  if (reply.administration && [...country.options].some(({ value }) => value === reply.administration)) {
    country.value = reply.administration;
  }
  remember();
  loadMore().then(() => more?.shown(item, reply));
  return item;
}

// What is on offer goes when something else is said; of a question that was asked back its words stay.
function withdraw() {
  for (const old of document.querySelectorAll("#start, li > .choices, form.retry")) {
    old.replaceWith(...(old.matches(".reply > .choices:not(.rate, .offer)") ? old.querySelectorAll("p") : []));
  }
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
  if (response.status === 429) throw words.tooMany.replace("{seconds}", numbers.format(response.headers.get("Retry-After") || 60));
  throw { 413: words.tooLong, 502: words.unsent, 503: words.unsent, 504: words.unsent }[response.status] ?? words.wrong;
}

// Resolves when another try is worth it: after a pause, or once there is a line again.
function line(pause) {
  if (navigator.onLine) return new Promise((resolve) => setTimeout(resolve, pause));
  status.textContent = words.offline;
  return new Promise((resolve) => addEventListener("online", resolve, { once: true }));
}

// The same key goes along each time, so that however often it is sent, one message makes one answer.
async function deliver(message) {
  if (!navigator.onLine) await line();
  status.textContent = words.waiting;
  for (let attempt = 0; ; attempt++) {
    const slow = setTimeout(() => { status.textContent = words.slow; }, SLOW_MS);
    try {
      return await post(message);
    } catch (reason) {
      if (reason !== words.unsent || attempt >= PAUSES_MS.length) throw reason;
      await line(PAUSES_MS[attempt]);
      status.textContent = words.slow;
    } finally {
      clearTimeout(slow);
    }
  }
}

async function send(message) {
  if (busy) return;
  busy = true;
  const focused = document.activeElement;
  withdraw();
  byId("now").open = false;
  if (focused !== field && !focused.isConnected) settle();
  problem.replaceChildren();
  message.bubble ??= message.text ? said(message.text) : undefined;
  message.bubble?.scrollIntoView();
  try {
    const reply = await deliver(message);
    if (reply.outcome === "failed" && reply.reason !== "empty") {
      conversation = reply.conversation;
      throw reply.blocks.map((block) => block.text).join(" ");
    }
    const shown = show(reply);
    (message.bubble ?? shown).scrollIntoView();
  } catch (reason) {
    const retry = node("button", { type: "button" }, words.retry);
    retry.addEventListener("click", () => {
      settle();
      send(message);
    });
    problem.replaceChildren(node("p", { dir: "auto" }, typeof reason === "string" ? reason : words.wrong), retry);
    if (typeof reason !== "string") console.error(reason);
  } finally {
    status.textContent = "";
    busy = false;
  }
}

// Focus is never lost. On a phone it does not go to the field, whose keyboard would cover the answer.
function settle() {
  (matchMedia("(pointer: coarse)").matches ? log : field).focus({ preventScroll: true });
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
  more?.measure();
  if (event.submitter?.className === "send" || document.activeElement !== field) settle();
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

field.addEventListener("input", () => loadMore().then(() => more?.measure()));

country.addEventListener("change", remember);
addEventListener("offline", () => { if (!busy) status.textContent = words.offline; });
addEventListener("online", () => { if (!busy) status.textContent = ""; });
if (!navigator.onLine) status.textContent = words.offline;

const framed = window.parent !== window;
let loading;
let failed = "";
function loadMore() {
  if (!navigator.onLine && !loading) return Promise.resolve();
  return (loading ??= import(log.dataset.more + failed).then(
    (module) => { more = module.start({ words, node, show, said, withdraw, status, field, list, framed, numbers }); },
    () => {
      // Nothing but conveniences is missing. Browsers remember a module that failed, so that the next try needs another address.
      failed += "&again";
      loading = undefined;
    },
  ));
}
if (framed || list.children.length) loadMore();

// Who pressed Enter before this file had come over a slow line made a line break: it is sent now.
if (document.activeElement === field && /.\n$/.test(field.value)) field.form.requestSubmit();
