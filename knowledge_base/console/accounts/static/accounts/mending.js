// What Wagtail's pages leave out, put in, so that assistive programs find their way. docs/decisions/0015-console.md lists what is mended.
(() => {
  function mend() {
    // An editor's title stands in a heading of the second level: without one of the first nobody jumps to the page's beginning.
    const main = document.querySelector("main");
    if (main && !document.querySelector("h1")) {
      const title = document.createElement("h1");
      title.className = "w-sr-only";
      title.textContent = document.title.replace(/ - Green Channel$/, "");
      main.prepend(title);
    }
    // A link that leads to another tab is no tab itself.
    for (const link of document.querySelectorAll('a[role="tab"]')) {
      if (!link.closest('[role="tablist"]')) link.removeAttribute("role");
    }
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mend);
  else mend();
})();
