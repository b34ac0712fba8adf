// The table of papers: as many rows as are in sight, more as they are scrolled to; a row opens into its evidence.

const ROWS_AT_ONCE = 60;
const ROWS_PRINTED = 2000;

class Table {
  constructor(table, more, sort) {
    this.table = table;
    this.body = table.tBodies[0];
    this.more = more;
    this.hits = [];
    this.shown = ROWS_AT_ONCE;
    this.rows = new Map();
    this.opened = new Map();
    for (const button of table.tHead.querySelectorAll("button")) {
      button.addEventListener("click", () => sort(button.dataset.sort, button.dataset.first));
    }
    this.body.addEventListener("click", (event) => this.clicked(event));
    this.body.addEventListener("keydown", (event) => this.pressed(event));
    more.addEventListener("click", () => this.extend());
    new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && this.extend(), { rootMargin: "600px" }).observe(more);
    addEventListener("beforeprint", () => { this.shown = Math.max(this.shown, ROWS_PRINTED); this.draw(); });
  }

  show(hits, sort, keepPlace) {
    this.hits = hits;
    if (!keepPlace) this.shown = ROWS_AT_ONCE;
    for (const heading of this.table.tHead.rows[0].cells) {
      const key = heading.querySelector("button").dataset.sort;
      const way = sort === key ? "ascending" : sort === "-" + key ? "descending" : null;
      if (way) heading.setAttribute("aria-sort", way);
      else heading.removeAttribute("aria-sort");
    }
    this.draw();
  }

  extend() {
    if (this.shown >= this.hits.length) return;
    this.shown += ROWS_AT_ONCE;
    this.draw();
  }

  draw() {
    const focused = document.activeElement;
    const rows = this.hits.slice(0, this.shown).flatMap((hit) => {
      const detail = this.opened.get(hit.paper.number);
      return detail ? [this.rowOf(hit), detail] : [this.rowOf(hit)];
    });
    this.body.replaceChildren(...rows);
    if (focused && focused !== document.activeElement && this.body.contains(focused)) focused.focus({ preventScroll: true });
    this.more.hidden = this.shown >= this.hits.length;
    this.more.textContent = "Show more of " + counted(this.hits.length, "paper");
  }

  rowOf(hit) {
    const key = hit.paper.number + ":" + (hit.best ? hit.best.at : "") + ":" + hit.claims.length;
    const known = this.rows.get(hit.paper.number);
    if (known && known.key === key) return known.row;
    const row = rowOf(hit, this.opened.has(hit.paper.number));
    this.rows.set(hit.paper.number, { key, row });
    return row;
  }

  clicked(event) {
    const row = event.target.closest("tr.paper");
    if (!row || (window.getSelection().type === "Range" && !event.target.closest("button"))) return;
    this.toggle(Number(row.dataset.number));
  }

  pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = step && event.target.closest("tr.paper");
    if (!row) return;
    event.preventDefault();
    const buttons = [...this.body.querySelectorAll("tr.paper button")];
    const next = buttons[buttons.indexOf(row.querySelector("button")) + step];
    if (next) next.focus();
  }

  toggle(number, open = !this.opened.has(number)) {
    const hit = this.hits.find((each) => each.paper.number === number);
    if (!hit) return;
    if (open) this.opened.set(number, detailOf(hit.paper));
    else this.opened.delete(number);
    const row = this.rowOf(hit);
    row.classList.toggle("open", open);
    row.querySelector("button").setAttribute("aria-expanded", String(open));
    this.draw();
  }

  goTo(number) {
    const at = this.hits.findIndex((hit) => hit.paper.number === number);
    if (at < 0) return;
    this.shown = Math.max(this.shown, at + 20);
    this.toggle(number, true);
    const button = this.rowOf(this.hits[at]).querySelector("button");
    button.focus({ preventScroll: true });
    button.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
  }
}

function rowOf({ paper, claims, best }, open) {
  const { record } = paper;
  const others = claims.length - 1;
  return element("tr", { class: open ? "paper open" : "paper", role: "row", "data-number": paper.number },
    element("td", { role: "cell", class: "title" },
      element("button", { type: "button", "aria-expanded": String(open), "aria-controls": "paper-" + paper.number, dir: "auto" }, record.title || record.abstract.slice(0, 80))),
    element("td", { role: "cell", class: "factor" }, best ? [
      best.item.bound !== "exact" && element("span", { class: "bound" }, spoken(best.item.bound) + " "),
      element("b", {}, figure(best.high) + "×"),
      others > 0 && element("span", { class: "others" }, "+" + others),
    ] : element("span", { class: "nothing" }, record.speedups.length ? "other" : "none")),
    element("td", { role: "cell", class: "names over" }, tied(best && best.item.baseline, record.baselines.map((item) => item.name))),
    element("td", { role: "cell", class: "names on" }, tied(best && best.item.hardware, record.hardware.map((item) => item.name))),
    element("td", { role: "cell", class: "caveat" }, record.caveats.length > 0 && element("div", { class: "pair" },
      element("span", { class: "clamped", dir: "auto" }, record.caveats[0].quote),
      record.caveats.length > 1 && element("span", { class: "others" }, "+" + (record.caveats.length - 1)))),
    element("td", { role: "cell", class: "engine " + engineOf(paper) }, engineOf(paper)));
}

// What the number belongs to in full ink; what the paper names besides, paler.
function tied(name, names) {
  if (name) return element("span", { class: "clamped", dir: "auto" }, name);
  if (!names.length) return null;
  return element("span", { class: "clamped loose", dir: "auto" }, names.join(", "));
}

function detailOf(paper) {
  return element("tr", { class: "detail", role: "row", id: "paper-" + paper.number },
    element("td", { role: "cell", colspan: "6" }, evidenceView(paper)));
}
