// Puts the chat on any page: <script src="https://chat.example/launcher.js" async></script>
// A link with data-customs-chat opens it in a panel; without such a link there is a button in the corner. No markup is parsed and
// no style is inlined, so that it works under a strict Content-Security-Policy and Trusted Types; the page needs only
// `script-src` and `frame-src` for the chat's address.
(() => {
  const script = document.currentScript;
  const base = new URL(script.src).origin;
  // language → [open, close]; the server fills it in
  const WORDS = {};
  const wished = script.dataset.lang || document.documentElement.lang || navigator.language || "";
  const language = [wished.split("-")[0].toLowerCase(), "en"].find((code) => code in WORDS) ?? Object.keys(WORDS)[0];
  const [openWord, closeWord] = WORDS[language];
  const direction = ["ar", "ur", "fa", "he", "ps"].includes(language) ? "rtl" : "ltr";
  const STYLE = `
    :host { all: initial; color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
    button { font: inherit; min-block-size: 44px; min-inline-size: 44px; cursor: pointer; border: 1px solid transparent; border-radius: .5rem; background: COLOUR; color: #fff; padding: .4rem 1rem; }
    :focus-visible { outline: 3px solid #0a3fd0; outline-offset: 2px; box-shadow: 0 0 0 2px #fff; }
    .open { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000; font-weight: 600; box-shadow: 0 2px 12px #0005; }
    .panel { position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483001; inline-size: min(26rem, calc(100vw - 2rem)); block-size: min(44rem, calc(100dvh - 2rem)); display: flex; flex-direction: column; border: 1px solid #7a8883; border-radius: .6rem; overflow: hidden; background: Canvas; box-shadow: 0 6px 30px #0006; }
    .panel[hidden], .open[hidden] { display: none; }
    .bar { display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding-block: .3rem; padding-inline: 1rem .3rem; background: COLOUR; color: #fff; }
    .bar button { border-color: #fff; }
    iframe { flex: 1; border: 0; inline-size: 100%; }
    @media (max-width: 30rem) { .panel { inset: 0; inline-size: auto; block-size: auto; border: 0; border-radius: 0; } }`;

  // The conversation goes on from page to page of this site, until the tab is closed.
  function store(action, value) {
    try {
      return sessionStorage[action]("customs-chat", value);
    } catch {
      return null; // storage is switched off: the conversation then ends with the page
    }
  }

  function start() {
    const host = document.createElement("customs-chat");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    host.lang = language;
    host.dir = direction;

    const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
    const open = make("button", { type: "button", className: "open", textContent: openWord });
    const panel = make("section", { className: "panel", hidden: true });
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", openWord);
    const bar = make("div", { className: "bar" });
    const close = make("button", { type: "button", textContent: closeWord });
    bar.append(make("strong", { textContent: openWord }), close);
    panel.append(bar);
    let frame;
    let opener;

    function show(address, from) {
      opener = from;
      // Nothing is loaded before somebody wants it.
      if (!frame) panel.append((frame = make("iframe", { title: openWord, allow: "clipboard-write" })));
      if (frame.dataset.address !== address) {
        frame.dataset.address = address;
        const kept = store("getItem");
        frame.src = kept ? `${address}#conversation=${encodeURIComponent(kept)}` : address;
      }
      panel.hidden = false;
      open.hidden = true;
      frame.focus();
    }
    function hide() {
      panel.hidden = true;
      open.hidden = linked();
      (opener?.isConnected && !opener.hidden ? opener : open).focus();
    }
    const links = () => [...document.querySelectorAll("a[data-customs-chat]")];
    const linked = () => links().length > 0;

    open.addEventListener("click", () => show(`${base}/?lang=${language}`, open));
    close.addEventListener("click", hide);
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !panel.hidden) hide();
    });
    addEventListener("message", (event) => {
      if (event.source !== frame?.contentWindow || event.origin !== base) return;
      const { customsChat, conversation } = event.data ?? {};
      if (customsChat === "close") hide();
      if (customsChat === "keep") store("setItem", conversation);
      if (customsChat === "forget") store("removeItem");
    });
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[data-customs-chat]");
      // Another window or tab, when that is what was asked for; and never another site in our panel.
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button || new URL(link.href).origin !== base) return;
      event.preventDefault();
      show(link.href, link);
    });
    open.hidden = linked();
    root.append(open, panel);
    document.body.append(host);
  }
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
