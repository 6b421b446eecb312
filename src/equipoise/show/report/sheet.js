// The balance sheet: a row for each feature, searchable, sortable, at the strength of the slider.

// What e to a coefficient says: of one unit of the feature and, where its standard deviation counts, of that.
const RATIOS = !data.ratio_name ? [] : [
  { name: data.ratio_name, of: (j) => Math.exp(coefAt(state.now, j)) },
  ...(data.unit_of ? [{ name: "of one sd", of: (j) => Math.exp(coefAt(state.now, j) * data.unit_of[j]) }] : []),
];
const COLUMNS = [
  { name: "feature", text: true, of: (j) => data.features[j] },
  { name: "coef", of: (j) => coefAt(state.now, j) },
  ...RATIOS,
  { name: "pull", of: (j) => pullAt(state.now, j) },
  { name: "limit", of: (j) => limitAt(state.now, j) },
  { name: "slack", of: (j) => slackAt(state.now, j) },
  { name: "status", text: true, of: (j) => verdictAt(state.now, j).filter(Boolean).join(": ") },
  { name: "enters at", of: (j) => entersAt(state.now, j) },
];
const verdicts = COLUMNS.find((column) => column.name === "status");
const FIRST = 100; // rows shown before all are asked for
const order = { column: null, descending: false };

function drawSheet() {
  const table = byId("sheet"), head = table.tHead.rows[0], body = table.tBodies[0];
  COLUMNS.forEach((column, k) => {
    const button = element("button", { type: "button", class: "sort" }, column.name);
    const cell = element("th", { scope: "col", "aria-label": column.name, "aria-sort": "none", class: column.text ? "text" : "" }, button);
    const help = helpOn(column.name);
    if (help) cell.append(help);
    button.addEventListener("click", () => {
      // Numbers are first wanted from the largest down.
      order.descending = order.column === k ? !order.descending : !column.text;
      order.column = k;
      fill();
    });
    head.append(cell);
  });
  const rows = data.features.map((name, j) => {
    const button = element("button", { type: "button", tabindex: "-1", title: name }, element("bdi", {}, name));
    const row = element("tr", {}, element("th", { scope: "row" }, button));
    const cells = COLUMNS.slice(1).map((column) => element("td", { class: column.text ? "text" : "" }));
    row.append(...cells);
    row.addEventListener("click", () => select(j));
    button.addEventListener("focus", () => { rows.forEach((r) => { r.button.tabIndex = -1; }); button.tabIndex = 0; });
    return { j, row, button, cells, lower: name.toLowerCase() };
  });
  let shown = rows, all = false;

  function fill() {
    arrange();
    head.querySelectorAll("th").forEach((cell, k) => {
      const sorted = order.descending ? "descending" : "ascending";
      cell.setAttribute("aria-sort", k === order.column ? sorted : "none");
    });
    for (const { j, row, cells } of visible()) {
      cells.forEach((cell, k) => {
        const column = COLUMNS[k + 1], value = column.of(j), text = column.text ? value : number(value);
        if (cell.textContent !== text) cell.textContent = text;
      });
      const name = `${aliveAt(state.now, j) ? "alive" : "zero"}${j === state.selected ? " chosen" : ""}`;
      if (row.className !== name) row.className = name;
    }
  }

  // A long table is shown in part until all of it is asked for, so that the slider stays quick.
  function visible() {
    return all ? shown : shown.slice(0, FIRST);
  }

  function arrange() {
    const wanted = byId("search").value.trim().toLowerCase(), keptOnly = byId("kept-only").checked;
    shown = rows.filter(({ j, lower }) =>
      (!keptOnly || aliveAt(state.now, j)) && (lower.includes(wanted) || verdicts.of(j).includes(wanted)));
    const keys = new Map(shown.map((r) => [r, key(r.j)]));
    const sign = order.column !== null && order.descending ? -1 : 1;
    shown.sort((a, b) => compare(keys.get(a), keys.get(b), sign));
    const now = visible();
    if (now.length !== body.rows.length || now.some(({ row }, k) => row !== body.rows[k])) {
      const focused = document.activeElement;
      body.replaceChildren(...now.map(({ row }) => row));
      if (body.contains(focused)) focused.focus({ preventScroll: true });
    }
    if (!now.some(({ button }) => button.tabIndex === 0) && now.length) {
      rows.forEach((r) => { r.button.tabIndex = -1; });
      now[0].button.tabIndex = 0;
    }
    byId("show-all").hidden = now.length === shown.length;
    byId("show-all").textContent = `Show all ${shown.length} rows`;
    byId("found").textContent = shown.length === q ? counted(q, "feature") : `${shown.length} of ${counted(q, "feature")}`;
    byId("sheet-at").textContent = `at ${data.penalty[state.now]}`;
  }

  // Unsorted, the features in the model come first, then those closest to entering.
  function key(j) {
    if (order.column !== null) return COLUMNS[order.column].of(j);
    return aliveAt(state.now, j) ? -1 - Math.abs(coefAt(state.now, j)) * (data.l1[j] || 1) : -Math.abs(shareAt(state.now, j)) / 2;
  }

  body.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -q, End: q };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const now = visible(), here = now.findIndex(({ button }) => button === document.activeElement);
    now[Math.max(0, Math.min(now.length - 1, here + steps[event.key]))]?.button.focus();
  });
  const showAll = (wanted) => { all = wanted; fill(); };
  byId("show-all").addEventListener("click", () => showAll(true));
  byId("search").addEventListener("input", fill);
  byId("kept-only").addEventListener("change", fill);
  onPrint(() => { byId("search").value = ""; byId("kept-only").checked = false; showAll(true); });
  listeners.push(fill);
}

// What is not known stands last, whichever way the others are sorted.
function compare(a, b, sign) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "string") return sign * a.localeCompare(b, "en", { numeric: true });
  return a === b ? 0 : sign * (a < b ? -1 : 1);
}
