// What the words mean: a question mark beside a heading opens its meaning below it, by touch, pointer or key.

let open = null; // the question mark whose meaning is shown

function tellTerm(button) {
  open?.setAttribute("aria-expanded", "false");
  open = button === open ? null : button;
  open?.setAttribute("aria-expanded", "true");
  byId("meaning").hidden = open === null;
  byId("meaning").replaceChildren(...(open ? [element("b", {}, open.dataset.term), ` ${termOf(open.dataset.term).textContent}`] : []));
}

const termOf = (term) => document.querySelector(`#terms [data-term="${term}"]`);

function helpOn(term) {
  if (!termOf(term)) return null;
  const button = element("button", { type: "button", class: "help", "aria-label": `What does ${term} mean?`, "aria-controls": "meaning",
    "aria-expanded": "false", "data-term": term }, "?");
  button.addEventListener("click", () => tellTerm(button));
  button.addEventListener("keydown", (event) => { if (event.key === "Escape" && button === open) tellTerm(button); });
  return button;
}

onPrint(() => { byId("terms").open = true; });
