// A line of the page's data becomes a paper: its record, and what the views ask of it again and again.

const FIELDS = ["hardware", "baselines", "speedups", "caveats"];

function paperOf(line, number) {
  const { record, written, devices } = JSON.parse(line);
  const hardware = record.hardware.map((item, at) => ({ item, short: devices[at][0], vendor: devices[at][1] }));
  const claims = record.speedups.map((item, at) => ({
    item,
    at,
    written: timesSign(written[at]),
    low: item.factor[0],
    high: item.factor[1],
    devices: devicesOf(item, hardware),
    baselines: item.baseline === null ? record.baselines.map((b) => b.name) : [item.baseline],
  }));
  return { number, record, hardware, claims, searched: null };
}

// A claim that names no device may hold on any that the paper was evaluated on.
function devicesOf(claim, hardware) {
  if (claim.hardware !== null) return hardware.filter((device) => device.item.name === claim.hardware);
  return hardware.filter((device) => device.item.role === "evaluated");
}

function engineOf(paper) {
  const provenance = paper.record.provenance;
  return provenance.fallback === null ? provenance.engine : "fallback";
}

function textOf(paper) {
  if (paper.searched === null) {
    const { id, title, abstract } = paper.record;
    paper.searched = (id + "\n" + title + "\n" + abstract).toLowerCase();
  }
  return paper.searched;
}

function baselineKey(name) {
  return name.toLowerCase();
}

function strongest(claims) {
  return d3.greatest(claims, (claim) => claim.high);
}
