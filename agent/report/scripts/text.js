// Everything that a record says reaches the page through here: as text nodes, with invisible steering made visible.

const STEERING = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function visible(text) {
  return text.replace(STEERING, (mark) => "⟨U+" + mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "⟩");
}

// An element; a child that is no element is shown as text. No attribute that runs or styles anything is ever set.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : visible(String(value)));
  }
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    made.append(child instanceof Node ? child : visible(String(child)));
  }
  return made;
}

// Spans count code points, JavaScript counts UTF-16 units.
function slicer(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (start, end) => text.slice(start, end);
  const points = Array.from(text);
  return (start, end) => points.slice(start, end).join("");
}

function lengthOf(text) {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text).length : text.length;
}

function counted(count, one, many) {
  return count.toLocaleString("en") + " " + (count === 1 ? one : many || one + "s");
}

function figure(value) {
  if (value >= 1e6 || value < 0.001) return value.toExponential(1).replace("e+", "e");
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 3 });
}

function timesSign(written) {
  return written.replace(/(\d)x\b/g, "$1×");
}

function spoken(word) {
  return word.replace(/_/g, " ");
}
