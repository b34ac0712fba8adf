// What is asked for, which papers and claims answer it, and in which order; kept in the address after the #.

const NOTHING_ASKED = {
  q: "", kind: "", vendor: "", device: "", baseline: "", min: "", max: "", bound: "", engine: "", caveat: "", sort: "",
};

function readAsked() {
  const given = new URLSearchParams(location.hash.slice(1));
  const asked = { ...NOTHING_ASKED };
  for (const key of Object.keys(asked)) asked[key] = given.get(key) || "";
  return asked;
}

function writeAsked(asked) {
  const kept = Object.entries(asked).filter(([, value]) => value !== "");
  const address = "#" + new URLSearchParams(kept).toString();
  if (address !== location.hash && (address !== "#" || location.hash)) history.replaceState(null, "", address);
}

function asksAnything(asked) {
  return Object.entries(asked).some(([key, value]) => key !== "sort" && value !== "");
}

// The claims of a paper that answer, or null where the paper does not. A number that is asked for on a device, or over
// a baseline, must belong to that very claim.
function answering(paper, asked, words) {
  const record = paper.record;
  if (asked.engine && engineOf(paper) !== asked.engine) return null;
  if (asked.caveat && !answersCaveat(record, asked.caveat)) return null;
  if (words.length && !words.every((word) => textOf(paper).includes(word))) return null;
  const onDevice = asked.kind || asked.vendor || asked.device;
  if (onDevice && !paper.hardware.some((device) => answersDevice(device, asked))) return null;
  const key = asked.baseline && baselineKey(asked.baseline);
  if (key && !record.baselines.some((baseline) => baselineKey(baseline.name) === key)) return null;
  const claims = paper.claims.filter((claim) =>
    (!asked.bound || claim.item.bound === asked.bound) &&
    (!asked.min || claim.high >= Number(asked.min)) &&
    (!asked.max || claim.high <= Number(asked.max)) &&
    (!onDevice || claim.devices.some((device) => answersDevice(device, asked))) &&
    (!key || claim.baselines.some((name) => baselineKey(name) === key)));
  return (asked.min || asked.max || asked.bound) && !claims.length ? null : claims;
}

function answersCaveat(record, caveat) {
  if (caveat === "some") return record.caveats.length > 0;
  if (caveat === "none") return record.caveats.length === 0;
  return record.caveats.some((item) => item.kind === caveat);
}

function answersDevice(device, asked) {
  return (!asked.kind || device.item.kind === asked.kind) &&
    (!asked.vendor || device.vendor === asked.vendor) &&
    (!asked.device || device.short === asked.device);
}

// [{paper, claims, best}], sorted; papers without what is sorted by come last, whichever way it goes.
function select(papers, asked) {
  const words = asked.q.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  for (const paper of papers) {
    const claims = answering(paper, asked, words);
    if (claims) found.push({ paper, claims, best: strongest(claims) || null });
  }
  const descending = asked.sort.startsWith("-");
  const value = ORDERS[asked.sort.replace("-", "")];
  if (!value) return found;
  const keyed = found.map((hit) => [value(hit), hit]);
  const compare = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;
  keyed.sort(([a, first], [b, second]) => {
    if (a === null || b === null) return (a === null) - (b === null) || first.paper.number - second.paper.number;
    const order = typeof a === "number" ? a - b : compare(a, b);
    return (descending ? -order : order) || first.paper.number - second.paper.number;
  });
  return keyed.map(([, hit]) => hit);
}

const ORDERS = {
  title: (hit) => hit.paper.record.title || hit.paper.record.id,
  factor: (hit) => (hit.best ? hit.best.high : null),
  over: (hit) => (hit.best && hit.best.baselines[0]) || (hit.paper.record.baselines[0] || { name: null }).name,
  on: (hit) => ((hit.best && hit.best.devices[0]) || hit.paper.hardware[0] || { short: null }).short,
  caveats: (hit) => hit.paper.record.caveats.length || null,
  engine: (hit) => engineOf(hit.paper),
};
