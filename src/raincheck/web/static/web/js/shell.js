// Menus, drawer, dialogs, toasts: the small movements of the frame. Every page works without them.
(() => {
  const drawer = document.getElementById("sidebar");
  let scrim = null;

  const openDrawer = (opener) => {
    drawer.dataset.open = "";
    opener.setAttribute("aria-expanded", "true");
    scrim = document.createElement("button");
    scrim.type = "button";
    scrim.className = "scrim";
    scrim.setAttribute("aria-label", "Close the menu");
    scrim.addEventListener("click", closeDrawer);
    drawer.after(scrim);
    drawer.querySelector("a, button").focus();
  };

  const closeDrawer = () => {
    if (!scrim) return;
    delete drawer.dataset.open;
    scrim.remove();
    scrim = null;
    const opener = document.querySelector("[data-drawer-open]");
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  };

  const fade = (toast) => toast.remove();

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest(selector);
    const opener = at("[data-drawer-open]");
    if (opener) openDrawer(opener);
    if (at("[data-drawer-close]")) closeDrawer();
    if (at("[data-toast-close]")) fade(at("[data-toast]"));
    const dialogOpener = at("[data-dialog]");
    if (dialogOpener) document.getElementById(dialogOpener.dataset.dialog)?.showModal();
    if (at("[data-dialog-close]")) at("dialog").close();
    if (event.target instanceof HTMLDialogElement) event.target.close();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const row = at("[data-href]");
    if (row && !at("a, button, input, select, label, summary") && !window.getSelection().toString()) {
      window.location.assign(row.dataset.href);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    closeDrawer();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("submit", (event) => {
    // A second click must not post twice; the button comes back if the page does.
    const button = event.submitter;
    if (event.target.method !== "post" || !button) return;
    setTimeout(() => { button.disabled = true; });
    window.addEventListener("pageshow", () => { button.disabled = false; }, { once: true });
  });

  for (const control of document.querySelectorAll("[data-submit-on-change]")) {
    control.addEventListener("change", () => control.form.requestSubmit());
  }

  // Good news leaves by itself, slowly enough to be read; a problem stays until it is dismissed.
  for (const toast of document.querySelectorAll("[data-toast].success, [data-toast].info")) {
    if (toast.querySelector("form")) continue;
    const leave = () => { if (!toast.matches(":hover, :focus-within")) fade(toast); };
    setTimeout(leave, 8000);
    toast.addEventListener("mouseleave", () => setTimeout(leave, 2000));
  }
})();
