"use strict";
// The box of an answer: buttons that insert, and below it the answer with today's values. Rows of translations come and go, so the
// listeners stand on the document.
(() => {
  const waiting = new WeakMap();
  const box = (element) => element.closest("[data-answer-input]");
  const area = (root) => root.querySelector("textarea");
  const administration = () => {
    const field = document.querySelector("[name='administration']");
    return field ? field.value : "";
  };
  const token = () => document.querySelector("[name='csrfmiddlewaretoken']").value;

  function insert(root, text, selectFrom, selectLength) {
    const field = area(root);
    if (field.disabled || field.readOnly) return;
    const start = field.selectionStart;
    field.setRangeText(text, start, field.selectionEnd, "end");
    if (selectLength) field.setSelectionRange(start + selectFrom, start + selectFrom + selectLength);
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function show(root) {
    const language = root.dataset.language || root.closest("[data-inline-panel-child]")?.querySelector("select")?.value || "en";
    const body = new URLSearchParams({ answer: area(root).value, language });
    const response = await fetch(root.dataset.preview, { method: "POST", body, headers: { "X-CSRFToken": token() } });
    if (response.ok) root.querySelector("[data-answer-shown]").innerHTML = await response.text();
  }

  function later(root, act, wait) {
    clearTimeout(waiting.get(root));
    waiting.set(root, setTimeout(() => act().catch(() => {}), wait));
  }

  async function find(root) {
    const query = root.querySelector("[data-answer-search]").value;
    const address = `${root.dataset.figures}?${new URLSearchParams({ administration: administration(), q: query })}`;
    const found = (await (await fetch(address)).json()).figures;
    const told = root.querySelector("[data-answer-none]");
    told.textContent = found.length ? "" : administration() ? told.dataset.answerNone : told.dataset.answerFirst;
    root.querySelector("[data-answer-found]").replaceChildren(...found.map((figure) => {
      const row = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.answerKey = figure.key;
      button.textContent = `${figure.label} — ${figure.value || "?"} (${figure.key})`;
      row.append(button);
      return row;
    }));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const root = button && box(button);
    if (!root) return;
    const picker = root.querySelector("[data-answer-picker]");
    if ("answerFigure" in button.dataset) {
      picker.hidden = !picker.hidden;
      button.setAttribute("aria-expanded", String(!picker.hidden));
      if (!picker.hidden) { root.querySelector("[data-answer-search]").focus(); later(root, () => find(root), 0); }
    } else if ("answerList" in button.dataset) {
      const before = area(root).value.slice(0, area(root).selectionStart);
      insert(root, before === "" || before.endsWith("\n") ? "- " : "\n\n- ");
    } else if ("answerLiteral" in button.dataset) {
      insert(root, "{=…}", 2, 1);
    } else if (button.dataset.answerKey) {
      picker.hidden = true;
      insert(root, `{${button.dataset.answerKey}}`);
    }
  });
  document.addEventListener("input", (event) => {
    const root = event.target.closest && box(event.target);
    if (!root) return;
    if (event.target === area(root)) later(root, () => show(root), 400);
    else if ("answerSearch" in event.target.dataset) later(root, () => find(root), 250);
  });
  document.addEventListener("focusin", (event) => {
    const root = event.target.closest && box(event.target);
    if (root && event.target === area(root) && !root.querySelector("[data-answer-shown]").innerHTML) later(root, () => show(root), 0);
  });
  document.addEventListener("DOMContentLoaded", () => {
    const first = document.querySelector("[data-answer-input]");
    if (first && area(first).value) show(first).catch(() => {});
  });
})();
