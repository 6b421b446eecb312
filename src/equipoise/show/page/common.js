// Tools of every page: unpacking and formatting of numbers, HTML elements, SVG.

const byId = (id) => document.getElementById(id);

// Matrices come as base64 of little-endian float64, row by row: no digit of the path is lost.
function decode(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer), out = new Float64Array(bytes.length / 8);
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat64(8 * i, true);
  return out;
}

// A number to six digits, as the library prints it.
function number(x, digits = 6) {
  if (x === null || Number.isNaN(x)) return "";
  if (x === 0) return "0";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "-∞";
  const [mantissa, power] = x.toExponential(digits - 1).split("e");
  if (power < -4 || power >= digits) return `${Number(mantissa)}e${Number(power)}`;
  return String(Number(x.toFixed(Math.max(0, digits - 1 - power))));
}

const counted = (k, noun) => `${k} ${noun}${k === 1 ? "" : "s"}`;

// What a reader sees as one letter: an accent stays on its letter, a family of emoji together.
const lettersOf = (text) => ("Segmenter" in Intl ? [...new Intl.Segmenter().segment(text)].map((part) => part.segment) : [...text]);

// A name cut in the middle: what tells two long names apart is as often at their ends.
function shorten(text, most) {
  if (text.length <= most) return text;
  const letters = lettersOf(text), tail = Math.floor((most - 1) / 2);
  return letters.length > most ? `${letters.slice(0, most - 1 - tail).join("")}…${letters.slice(-tail).join("")}` : text;
}

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

function draw(parent, name, attributes = {}, text = null) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== null) node.textContent = text;
  parent.append(node);
  return node;
}

// A picture of a thousand dots is quick where only those that move are touched.
function change(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}
