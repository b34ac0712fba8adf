// The charts, drawn from what is selected: speedups by device on a log scale, and lists of what is named most.

const STRIPS = 9;
const RANKS = 9;
// A bar is full from this count on, so that names that come once do not look like many.
const FULL_BAR = 4;
const NO_DEVICE = "no device given";
// Headings of the figures beside the strips, and how far from the right edge each column ends.
const COLUMNS = [["claims", 116], ["median", 62], ["max", 0]];
// A claim beyond these stands at the edge, so that one absurd number does not press all others together.
const FACTORS_SHOWN = [0.01, 1e6];
const BOUNDS = ["up_to", "at_least", "average", "about", "exact"];

function countBy(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

// Values by how often they are named, each at most once a paper, under the spelling that comes first.
function ranking(hits, namesOf, keyOf) {
  const spellings = new Map();
  const keys = hits.flatMap(({ paper }) => [...new Set(namesOf(paper).map((name) => {
    const key = keyOf(name);
    if (!spellings.has(key)) spellings.set(key, name);
    return key;
  }))]);
  return countBy(keys).map(([key, count]) => ({ value: spellings.get(key), key, count }));
}

function devicesNamed(paper) {
  return paper.hardware.map((device) => device.short);
}

function baselinesNamed(paper) {
  return paper.record.baselines.filter((item) => item.kind !== "generic").map((item) => item.name);
}

// A list of buttons with bars; pressing one asks for it, pressing it again asks no more.
function drawRanking(list, ranks, asked, choose) {
  const most = Math.max(FULL_BAR, ...ranks.map((rank) => rank.count));
  list.replaceChildren(...ranks.map((rank) => {
    const bar = element("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", String(rank.count / most));
    const pressed = asked === rank.key;
    const button = element("button", { type: "button", "aria-pressed": String(pressed), title: rank.value },
      element("span", { class: "name", dir: "auto" }, rank.label || rank.value), bar, element("span", { class: "number" }, rank.shown || rank.count));
    button.addEventListener("click", () => choose(pressed ? "" : rank.key));
    return element("li", {}, button);
  }));
  if (!ranks.length) list.replaceChildren(element("li", { class: "nothing" }, "none"));
}

function boundRanks(hits) {
  const counts = new Map(countBy(hits.flatMap((hit) => hit.claims.map((claim) => claim.item.bound))));
  const all = d3.sum([...counts.values()]);
  return BOUNDS.filter((bound) => counts.has(bound)).map((bound) => {
    const count = counts.get(bound);
    return { value: spoken(bound), key: bound, count, shown: count + " · " + Math.round((100 * count) / all) + "%" };
  });
}

// [{device, claims: [{claim, paper}]}], the busiest first, what belongs to no device last.
function strips(hits) {
  const byDevice = new Map();
  for (const { paper, claims } of hits) {
    for (const claim of claims) {
      const device = claim.item.hardware === null ? NO_DEVICE : claim.devices[0].short;
      if (!byDevice.has(device)) byDevice.set(device, []);
      byDevice.get(device).push({ claim, paper });
    }
  }
  const loose = byDevice.get(NO_DEVICE);
  byDevice.delete(NO_DEVICE);
  const busiest = [...byDevice].sort((a, b) => b[1].length - a[1].length).slice(0, STRIPS);
  return [...busiest, ...(loose ? [[NO_DEVICE, loose]] : [])].map(([device, claims]) => ({ device, claims }));
}

function drawStrips(holder, rows, goTo, narrow) {
  holder.replaceChildren();
  if (!rows.length) return holder.append(element("p", { class: "nothing" }, "no speedup in this selection"));
  const wide = holder.clientWidth;
  const roomy = wide > 440;
  const [left, right, height, top] = [122, roomy ? 158 : 8, 23, roomy ? 20 : 4];
  const all = rows.flatMap((row) => row.claims.map(({ claim }) => claim.high)).filter((high) => high > 0 && Number.isFinite(high));
  const across = d3.scaleLog([Math.max(FACTORS_SHOWN[0], Math.min(1, d3.min(all))), Math.min(FACTORS_SHOWN[1], Math.max(10, d3.max(all)))], [left + 8, wide - right - 8]).clamp(true);
  const svg = d3.select(holder).append("svg")
    .attr("width", wide).attr("viewBox", [0, 0, wide, top + rows.length * height + 24].join(" ")).attr("role", "img").attr("aria-label", summaryOf(rows, all));
  if (roomy) heading(svg, wide);
  const axis = svg.append("g").attr("class", "axis").attr("transform", "translate(0," + (top + rows.length * height) + ")");
  axis.call(d3.axisBottom(across).tickValues(ticksOf(across)).tickFormat((value) => figure(value) + "×")
    .tickSizeInner(-rows.length * height).tickSizeOuter(0).tickPadding(8));
  rows.forEach((row, at) => drawStrip(svg, row, top + (at + 0.5) * height, { wide, left, right, across, goTo, narrow }));
  return holder;
}

// Decades, or also their 2 and 5 where there is room between them.
function ticksOf(across) {
  const [low, high] = across.domain();
  const [first, second] = [across(1), across(10)];
  const steps = second - first > 90 ? [1, 2, 5] : [1];
  const every = second - first > 26 ? 1 : Math.ceil(26 / (second - first));
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += every) {
    for (const step of steps) ticks.push(step * 10 ** power);
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

function heading(svg, wide) {
  COLUMNS.forEach(([word, from]) =>
    svg.append("text").attr("class", "head").attr("x", wide - from).attr("y", 12).attr("text-anchor", "end").text(word));
}

function drawStrip(svg, row, y, { wide, left, right, across, goTo, narrow }) {
  const loose = row.device === NO_DEVICE;
  const label = svg.append("text").attr("class", loose ? "label loose" : "label").attr("x", left - 6).attr("y", y + 4).attr("text-anchor", "end");
  label.text(visible(row.device.length > 17 ? row.device.slice(0, 16) + "…" : row.device)).append("title").text(visible(row.device));
  const highs = row.claims.map(({ claim }) => claim.high);
  if (right > 50) {
    [row.claims.length, figure(d3.median(highs)) + "×", figure(d3.max(highs)) + "×"].forEach((text, at) =>
      svg.append("text").attr("class", "label number").attr("x", wide - COLUMNS[at][1]).attr("y", y + 4).attr("text-anchor", "end").text(text));
  }
  for (const [, dots] of dotsOf(row, across)) {
    const [{ claim, paper }] = dots;
    const dot = svg.append("circle").attr("class", claim.item.bound === "up_to" ? "dot up-to" : "dot")
      .attr("cx", across(claim.high)).attr("cy", y).attr("r", Math.min(10, 2.6 + Math.sqrt(dots.length) * 0.9));
    dot.append("title").text(visible(dots.length === 1 ? claim.written + " – " + (paper.record.title || paper.record.id)
      : counted(dots.length, "claim") + " near " + claim.written));
    const factors = dots.map((each) => each.claim.high);
    dot.on("click", () => (dots.length === 1 ? goTo(paper.number) : narrow(loose ? "" : row.device, d3.min(factors), d3.max(factors))));
  }
}

// Claims that would lie on each other share a dot, so that ten thousand papers draw as fast as ten.
function dotsOf(row, across) {
  const dots = new Map();
  for (const each of row.claims) {
    if (!(each.claim.high > 0)) continue;
    const place = Math.round(across(each.claim.high) / 4) + (each.claim.item.bound === "up_to" ? "u" : "");
    if (!dots.has(place)) dots.set(place, []);
    dots.get(place).push(each);
  }
  return dots;
}

function summaryOf(rows, all) {
  const told = rows.map((row) => {
    const highs = row.claims.map(({ claim }) => claim.high);
    return row.device + ": " + counted(highs.length, "claim") + ", median " + figure(d3.median(highs)) + ", highest " + figure(d3.max(highs));
  });
  return visible("Speedup factors by device, from " + figure(d3.min(all)) + " to " + figure(d3.max(all)) + ". " + told.join("; "));
}

// How much was found, by whom, and what was lost on the way.
function drawCounts(list, hits, all) {
  const records = hits.map((hit) => hit.paper.record);
  const total = (field) => d3.sum(records.map((record) => record[field].length));
  const engines = new Map(countBy(hits.map((hit) => engineOf(hit.paper))));
  const counts = [
    [hits.length === all ? String(all) : hits.length + " of " + all, "papers"],
    [hits.filter((hit) => hit.claims.length).length, "with a speedup"],
    [d3.sum(hits.map((hit) => hit.claims.length)), "speedups"], [total("hardware"), "devices"], [total("baselines"), "baselines"], [total("caveats"), "caveats"],
    [engines.get("llm") || 0, "by a model"], [engines.get("rules") || 0, "by rules"],
    [engines.get("fallback") || 0, "fallen back"],
    [d3.sum(records.map((record) => record.provenance.dropped.length)), "items dropped"],
  ];
  list.replaceChildren(...counts.map(([number, what]) =>
    element("div", { class: number === 0 ? "zero" : null }, element("dt", {}, what), element("dd", {}, number.toLocaleString("en")))));
}
