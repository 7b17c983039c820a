// Shows the newest state of publishing without a reload: asks for a short mark, and for the page when it has changed.
const EVERY_MS = 1500;
const told = document.getElementById("publishing-told");

async function look() {
  const shown = document.getElementById("publishing-state");
  // Whoever is writing a comment must not lose it.
  if (document.hidden || !shown || shown.contains(document.activeElement)) return;
  try {
    const { mark } = await (await fetch(shown.dataset.ask)).json();
    if (mark === shown.dataset.mark) return;
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const newest = page.getElementById("publishing-state");
    if (!newest) return;
    shown.replaceWith(document.importNode(newest, true));
    told.textContent = told.dataset.told;
  } catch {
    // Away for a moment: the next look tells.
  }
}

setInterval(look, EVERY_MS);
