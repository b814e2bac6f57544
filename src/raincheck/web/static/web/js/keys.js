// Keyboard: "/" search, "g" and a letter to go somewhere, "j" and "k" through rows, "?" for the list.
(() => {
  const GO_MS = 1200;
  let going = 0;

  const typing = (element) =>
    element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);

  const step = (by) => {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(Math.max(now + by, 0), all.length - 1)];
    const target = next.querySelector("a, button") || next;
    target.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const stepThroughHits = (event) => {
    const search = event.target.closest(".search, .find");
    if (!search) return false;
    const hits = [...search.querySelectorAll(".search-hit")];
    const now = hits.indexOf(document.activeElement);
    const to = event.key === "ArrowDown" ? now + 1 : now - 1;
    event.preventDefault();
    (to < 0 ? search.querySelector("input") : hits[Math.min(to, hits.length - 1)])?.focus();
    return true;
  };

  // Results that come in late must not take the place away that the arrows had reached.
  let reached = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.matches("[data-hits]")) {
      reached = document.activeElement.closest(".search-hit")?.getAttribute("href") ?? null;
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.target.matches("[data-hits]") || !reached) return;
    const hits = [...event.target.querySelectorAll(".search-hit")];
    (hits.find((hit) => hit.getAttribute("href") === reached) ?? hits[0])?.focus();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && stepThroughHits(event)) return;
    if (event.key === "Escape" && typing(event.target)) {
      event.target.blur();
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const withinGo = going && Date.now() - going < GO_MS;
    going = 0;
    if (withinGo) {
      const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (place) {
        event.preventDefault();
        window.location.assign(place.href);
      }
      return;
    }
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("search").focus();
    } else if (event.key === "?") {
      document.getElementById("keys-dialog").showModal();
    } else if (event.key === "g") {
      going = Date.now();
    } else if (event.key === "j") {
      step(1);
    } else if (event.key === "k") {
      step(-1);
    }
  });
})();
