// Parts of the review that take a moment are fetched when the page stands; questions are asked from the editor without leaving it.
(() => {
  const asks = { "X-Requested-With": "XMLHttpRequest" };

  async function put(place, address, options) {
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { credentials: "same-origin", ...options });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const text = await answer.text();
      if (stillWaits(place, text)) return again(place, address);
      place.innerHTML = text;
    } catch {
      place.textContent = place.dataset.failed;
    }
    if (!place.querySelector("[data-review-again]")) place.removeAttribute("aria-busy");
    start(place);
    choose(place);
    again(place, address);
  }

  // While something is being worked out only its bar moves, so that nobody is told the same words every second.
  function stillWaits(place, text) {
    const now = place.querySelector("progress");
    const next = now && new DOMParser().parseFromString(text, "text/html").querySelector("progress");
    if (!next) return false;
    for (const { name, value } of next.attributes) now.setAttribute(name, value);
    return true;
  }

  function again(place, address) {
    const wait = place.querySelector("[data-review-again]");
    if (wait) setTimeout(() => put(place, address, { headers: asks }), Number(wait.dataset.reviewAgain));
  }

  function choose(place) {
    for (const form of place.querySelectorAll("form[data-review-choose]")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        put(place, `${form.action}?${new URLSearchParams(new FormData(form))}`, { headers: asks });
      });
    }
  }

  function start(root) {
    for (const frame of root.querySelectorAll("iframe[data-review-web]")) {
      const fit = () => {
        frame.style.blockSize = "0"; // a page is never measured smaller than its frame
        const height = frame.contentDocument?.documentElement?.scrollHeight ?? 0;
        frame.style.blockSize = height ? `${Math.min(900, height + 4)}px` : "";
      };
      frame.addEventListener("load", fit);
      fit();
    }
    for (const place of root.querySelectorAll("[data-review-part]")) {
      put(place, place.dataset.reviewPart, { headers: asks });
    }
    for (const panel of root.querySelectorAll("[data-review-ask]")) {
      const field = panel.querySelector("input");
      const place = panel.querySelector("[data-failed]");
      const ask = () => {
        const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
        const body = new URLSearchParams({ question: field.value });
        put(place, panel.dataset.reviewAsk, { method: "POST", body, headers: { ...asks, "X-CSRFToken": token } });
      };
      panel.querySelector("button").addEventListener("click", ask);
      field.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
          event.preventDefault(); // else the editor would save
          ask();
        }
      });
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => start(document));
  else start(document);
})();
