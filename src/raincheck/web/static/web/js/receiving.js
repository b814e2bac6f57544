// The dock: every scan counts one unit on the line with that barcode or SKU, and says so.
(() => {
  const form = document.getElementById("receive-form");
  const scan = document.getElementById("scan");
  const said = document.getElementById("scan-said");
  if (!form || !scan) return;

  const rows = [...form.querySelectorAll("tr[data-sku]")];
  const changed = () => form.dispatchEvent(new Event("change", { bubbles: true }));

  const say = (text, isWrong) => {
    said.textContent = text;
    said.classList.toggle("text-late", isWrong);
  };

  const count = (code) => {
    const wanted = code.toLowerCase();
    const row = rows.find((each) => [each.dataset.sku, each.dataset.gtin].some((own) => own.toLowerCase() === wanted));
    if (!row) {
      say(`${code} is not on this order.`, true);
      return;
    }
    const good = row.querySelector("[data-good]");
    const units = Number(good.value || 0) + 1;
    good.value = units;
    const owed = Number(row.dataset.owed);
    say(`${row.dataset.name}: ${units} of ${owed}${units > owed ? ", more than was to come" : ""}.`, units > owed);
    changed();
  };

  scan.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const code = scan.value.trim();
    scan.value = "";
    if (code) count(code);
  });

  form.querySelector("[data-fill-owed]")?.addEventListener("click", () => {
    for (const row of rows) {
      if (Number(row.dataset.owed)) row.querySelector("[data-good]").value = row.dataset.owed;
    }
    changed();
  });

  scan.focus();
})();
