// The page as a whole: the papers that are there, what is asked of them, and every part drawn again when either changes.

class Page {
  constructor() {
    this.papers = [];
    this.asked = readAsked();
    this.form = document.getElementById("filters");
    this.table = new Table(document.getElementById("papers"), document.getElementById("more"), (key, first) => this.sort(key, first));
    this.form.addEventListener("input", () => this.ask(this.given()));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    document.getElementById("fold").addEventListener("click", (event) => {
      const folded = this.form.classList.toggle("folded");
      event.target.setAttribute("aria-expanded", String(!folded));
    });
    document.getElementById("clear").addEventListener("click", () => this.ask({ ...NOTHING_ASKED, sort: this.asked.sort }));
    document.getElementById("order").addEventListener("change", (event) => this.ask({ sort: event.target.value }));
    addEventListener("hashchange", () => { this.asked = readAsked(); this.draw(); });
    let width = 0;
    new ResizeObserver(([entry]) => {
      if (Math.abs(entry.contentRect.width - width) > 1) { width = entry.contentRect.width; this.drawStrips(); }
    }).observe(document.getElementById("strips"));
  }

  add(lines) {
    for (const line of lines) if (line) this.papers.push(paperOf(line, this.papers.length));
    this.fillChoices();
    this.draw(true);
  }

  given() {
    const given = Object.fromEntries(new FormData(this.form));
    for (const key of ["min", "max"]) given[key] = Number(given[key]) > 0 ? given[key] : "";
    return { ...given, q: given.q.trim() };
  }

  ask(changes) {
    this.asked = { ...this.asked, ...changes };
    writeAsked(this.asked);
    this.draw();
  }

  sort(key, first) {
    const ways = first === "down" ? ["-" + key, key, ""] : [key, "-" + key, ""];
    this.ask({ sort: ways[(ways.indexOf(this.asked.sort) + 1) % 3] });
  }

  draw(keepPlace) {
    this.hits = select(this.papers, this.asked);
    for (const control of this.form.elements) {
      if (control.name && control.value.trim() !== this.asked[control.name]) this.setControl(control);
    }
    document.getElementById("order").value = this.asked.sort;
    document.getElementById("clear").hidden = !asksAnything(this.asked);
    document.getElementById("found").textContent = counted(this.hits.length, "paper") + ", " +
      counted(d3.sum(this.hits.map((hit) => hit.claims.length)), "speedup");
    this.table.show(this.hits, this.asked.sort, keepPlace);
    this.drawCharts();
  }

  setControl(control) {
    const value = this.asked[control.name];
    if (control.tagName === "SELECT" && value && ![...control.options].some((option) => option.value === value)) {
      control.append(element("option", { value }, value));
    }
    control.value = value;
  }

  drawCharts() {
    const { asked, hits } = this;
    drawCounts(document.getElementById("counts"), hits, this.papers.length);
    this.drawStrips();
    drawRanking(document.getElementById("devices"), ranking(hits, devicesNamed, (name) => name).slice(0, RANKS), asked.device, (device) => this.ask({ device }));
    const baselines = ranking(hits, baselinesNamed, baselineKey).slice(0, RANKS);
    drawRanking(document.getElementById("baselines"), baselines, asked.baseline, (baseline) => this.ask({ baseline }));
    drawRanking(document.getElementById("bounds"), boundRanks(hits), asked.bound, (bound) => this.ask({ bound }));
  }

  drawStrips() {
    if (!this.hits) return;
    drawStrips(document.getElementById("strips"), strips(this.hits), (number) => this.table.goTo(number),
      (device, min, max) => this.ask({ device, min: roundedDown(min), max: roundedUp(max) }));
  }

  fillChoices() {
    const hits = this.papers.map((paper) => ({ paper }));
    const fill = (name, ranks) => {
      const choice = this.form.elements[name];
      choice.replaceChildren(choice.options[0], ...ranks.slice(0, 300).map((rank) =>
        element("option", { value: rank.key }, spoken(rank.value).slice(0, 60) + " (" + rank.count + ")")));
    };
    const same = (name) => name;
    fill("kind", ranking(hits, (paper) => paper.hardware.map((device) => device.item.kind), same));
    fill("vendor", ranking(hits, (paper) => paper.hardware.map((device) => device.vendor).filter(Boolean), same));
    fill("device", ranking(hits, devicesNamed, same));
    fill("baseline", ranking(hits, (paper) => paper.record.baselines.map((item) => item.name), baselineKey));
  }
}

function roundedDown(value) {
  return String(Math.floor(value * 1000) / 1000);
}

function roundedUp(value) {
  return String(Math.ceil(value * 1000) / 1000);
}
