// Forms with lines (orders, purchase orders, transfers): more of them on demand. A line that is added is a copy of the last one, emptied.
(() => {
  const add = document.querySelector("[data-add-line]");
  if (!add) return;
  add.hidden = false;
  add.addEventListener("click", () => {
    const lines = document.querySelectorAll("[data-line]");
    const copy = lines[lines.length - 1].cloneNode(true);
    for (const part of copy.querySelectorAll("input, label")) {
      for (const name of ["id", "for"]) {
        const value = part.getAttribute(name);
        if (value) part.setAttribute(name, value.replace(/\d+$/, String(lines.length + 1)));
      }
      if (part.tagName === "LABEL") part.textContent = part.textContent.replace(/\d+$/, String(lines.length + 1));
      else part.value = "";
    }
    add.before(copy);
    htmx.process(copy);
    copy.querySelector("input").focus();
  });
})();
