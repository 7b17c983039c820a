// A page that waits for the worker looks again by itself as soon as there is something new.
const EVERY_MS = 1000;
const shown = document.getElementById("exchange-waits");

async function look() {
  if (document.hidden) return;
  try {
    const { mark } = await (await fetch(shown.dataset.ask)).json();
    if (mark !== shown.dataset.mark) location.reload();
  } catch {
    // Away for a moment: the next look tells.
  }
}

if (shown) setInterval(look, EVERY_MS);
