"use strict";
(() => {
  document.documentElement.classList.add("script");

  // Search: a table stays while it holds every word.
  const sections = [...document.querySelectorAll("section.table")];
  const entries = [...document.querySelectorAll("nav .tables li")];
  const found = document.getElementById("found");
  let texts;
  document.getElementById("search").addEventListener("input", (event) => {
    texts ??= sections.map((section) => section.textContent.toLowerCase());
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    sections.forEach((section, i) => {
      const hit = words.every((word) => texts[i].includes(word));
      section.hidden = entries[i].hidden = !hit;
      shown += hit;
    });
    found.textContent = words.length ? `${shown} of ${sections.length} tables` : "";
  });

  // Sort: a row moves with the rows indented under it and stays in its group.
  const original = new WeakMap();
  const blocks = (rows) => {
    const out = [];
    for (const row of rows) {
      if (row.dataset.indent && out.length) out.at(-1).push(row);
      else out.push([row]);
    }
    return out;
  };
  const value = (row, column) => Number(row.cells[column + 1].dataset.value ?? NaN);
  const order = (body, column, direction) => {
    if (!original.has(body)) original.set(body, [...body.rows].filter((row) => !row.classList.contains("group")));
    const rows = blocks(original.get(body));
    if (direction) {
      rows.sort(([a], [b]) => {
        const x = value(a, column), y = value(b, column);
        return isNaN(x) - isNaN(y) || direction * (x - y) || 0;
      });
    }
    body.append(...rows.flat());
  };
  const next = { none: "descending", descending: "ascending", ascending: "none" };
  const direction = { none: 0, descending: -1, ascending: 1 };
  for (const head of document.querySelectorAll("th[data-column]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.title = "Sort the rows by this column";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const table = head.closest("table");
      const way = next[head.ariaSort ?? "none"];
      for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
      if (way !== "none") head.ariaSort = way;
      for (const body of table.querySelectorAll("tbody:not(.bases)")) order(body, Number(head.dataset.column), direction[way]);
    });
  }
})();
