// The whole of a choice that is cut off by its box, under the pointer.
for (const box of document.querySelectorAll(".exchange select")) {
  const tell = () => { box.title = box.selectedOptions[0]?.text ?? ""; };
  box.addEventListener("change", tell);
  tell();
}
