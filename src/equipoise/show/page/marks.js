// Names and marks in pictures and text, and what is done before a page is printed.

// Text as nodes, the names in it that are written from right to left kept apart: the words around them stay in order.
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

function isolate(text, names) {
  if (!RIGHT_TO_LEFT.test(text)) return [text];
  const found = names.filter((name) => RIGHT_TO_LEFT.test(name) && text.includes(name)).sort((a, b) => b.length - a.length);
  if (!found.length) return [text];
  const pattern = new RegExp(`(${found.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "u");
  return text.split(pattern).map((part, k) => (k % 2 ? element("bdi", {}, part) : part));
}

// The width of a text in the font of pictures, in their units.
const pen = document.createElement("canvas").getContext("2d");

function widthOf(text, style = "") {
  pen.font = `${style} 12px ${getComputedStyle(document.body).fontFamily}`;
  return pen.measureText(text).width;
}

// A name cut in the middle until it fits into a width.
function fit(text, room, style = "") {
  if (widthOf(text, style) <= room) return text;
  let low = 2, high = lettersOf(text).length;
  while (low < high) {
    const most = Math.ceil((low + high) / 2);
    if (widthOf(shorten(text, most), style) <= room) low = most;
    else high = most - 1;
  }
  return shorten(text, low);
}

// A name in a picture: it fits, and reads in its own direction on whichever side it stands.
function label(parent, name, room, attributes, style = "") {
  const shown = fit(name, room, style);
  const text = draw(parent, "text", attributes, RIGHT_TO_LEFT.test(name) ? `\u2068${shown}\u2069` : shown);
  if (shown !== name) draw(text, "title", {}, name);
  return text;
}

// A mark tells by its shape what it tells by its colour: a disc is in the model, a square is zero, a diamond is at a bound.
function mark(node, kind, x, y, r) {
  const half = kind.includes("bound") ? 0.9 * r : kind.includes("killed") ? 0.86 * r : r;
  const at = { x: x - half, y: y - half, width: 2 * half, height: 2 * half };
  for (const [name, value] of Object.entries(at)) change(node, name, value.toFixed(2));
  change(node, "rx", kind.includes("bound") || kind.includes("killed") ? "0" : `${half.toFixed(2)}`);
  change(node, "transform", kind.includes("bound") ? `rotate(45 ${x.toFixed(2)} ${y.toFixed(2)})` : "");
  change(node, "class", `dot ${kind}`);
}

// Before the page is laid out on paper (a change of media is told too late for that), and after it.
function onPrint(before, after = () => {}) {
  addEventListener("beforeprint", before);
  addEventListener("afterprint", after);
}
