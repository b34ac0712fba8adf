// An opened paper: its abstract with the evidence marked, its claims beside it, each tied to the other.

const LABELS = { hardware: "Hardware", baselines: "Baselines", speedups: "Speedups", caveats: "Caveats" };

function evidenceView(paper) {
  const items = itemsOf(paper);
  const { title, abstract } = paper.record;
  const inTitle = items.filter((entry) => entry.item.in === "title");
  const view = element("div", { class: "evidence" },
    element("div", { class: "source" },
      inTitle.length > 0 && element("p", { class: "passage title", dir: "auto" }, marked(title, inTitle)),
      element("p", { class: "passage", dir: "auto" }, marked(abstract, items.filter((entry) => entry.item.in !== "title"))),
      provenance(paper)),
    element("div", { class: "claims" }, FIELDS.map((field) => claimList(paper, field, items))));
  tie(view);
  return view;
}

function itemsOf(paper) {
  return FIELDS.flatMap((field) => paper.record[field].map((item, at) => {
    const key = paper.number + field[0] + at;
    return { field, item, at, key, start: item.span[0], end: item.span[1] };
  }));
}

// The text cut at every end of a span; a piece stands for the shortest item that covers it.
function marked(text, items) {
  const slice = slicer(text);
  const ends = [...new Set([0, lengthOf(text), ...items.flatMap((entry) => [entry.start, entry.end])])].sort((a, b) => a - b);
  const begun = new Set();
  return ends.slice(1).map((end, at) => {
    const start = ends[at];
    const covering = items.filter((entry) => entry.start <= start && entry.end >= end)
      .sort((a, b) => a.end - a.start - (b.end - b.start));
    if (!covering.length) return slice(start, end);
    return mark(slice(start, end), covering, begun);
  });
}

function mark(text, covering, begun) {
  const [own] = covering;
  const first = !begun.has(own.key);
  begun.add(own.key);
  const fields = [...new Set(covering.map((entry) => "in-" + entry.field))];
  return element("a", {
    class: ["mark", own.field, ...fields].join(" "),
    href: "#claim-" + own.key,
    id: first ? "mark-" + own.key : null,
    tabindex: first ? null : "-1",
    title: spoken(own.field) + ": " + (own.item.name || own.item.quote).slice(0, 200),
    "data-items": covering.map((entry) => entry.key).join(" "),
    "data-own": own.key,
  }, text);
}

function claimList(paper, field, items) {
  const entries = items.filter((entry) => entry.field === field);
  return element("section", { class: field },
    element("h3", { class: "field" }, LABELS[field], element("span", { class: "count" }, entries.length || "none")),
    entries.length > 0 && element("ul", {}, entries.map((entry) => element("li", {},
      element("a", { class: "claim", href: "#mark-" + entry.key, id: "claim-" + entry.key, "data-own": entry.key, "data-items": entry.key },
        SAYING[field](entry.item, paper.claims[entry.at]))))));
}

const SAYING = {
  hardware: (item) => [
    item.count ? figure(item.count) + " × " : "", element("b", {}, item.name),
    aside([spoken(item.kind), item.memory_gb ? figure(item.memory_gb) + " GB" : "", item.role]),
  ],
  baselines: (item) => [element("b", {}, item.name), aside([item.kind])],
  speedups: (item, claim) => [
    element("b", {}, claim.written), item.form === "ratio" || item.form === "before_after" ? "" : " = " + ends(item.factor),
    item.baseline === null ? "" : " over " + item.baseline, item.hardware === null ? "" : " on " + item.hardware,
    aside([item.metric === "unspecified" ? "" : item.metric]),
    item.baseline === null && item.hardware === null && element("span", { class: "aside cut", dir: "auto" }, " “" + item.quote + "”"),
  ],
  caveats: (item) => [item.quote, aside([spoken(item.kind)])],
};

function ends([low, high]) {
  return low === high ? figure(low) + "×" : figure(low) + "–" + figure(high) + "×";
}

function aside(words) {
  const kept = words.filter(Boolean);
  return kept.length > 0 && element("span", { class: "aside" }, " " + kept.join(" · "));
}

function provenance(paper) {
  const { engine, model, fallback, dropped, requests, input_tokens: taken, output_tokens: given } = paper.record.provenance;
  const said = [engine === "llm" ? "answered by " + (model || "a model") : "answered by rules"];
  if (fallback !== null) said.push("because " + fallback);
  if (requests) said.push(counted(requests, "request") + ", " + taken.toLocaleString("en") + " tokens in, " + given.toLocaleString("en") + " out");
  return [
    element("p", { class: "provenance" }, element("code", {}, paper.record.id), " " + said.join("; ")),
    dropped.length > 0 && element("ul", { class: "dropped" }, dropped.map((item) =>
      element("li", {}, "dropped from " + item.field + ": ", element("q", {}, item.passage), " (" + item.reason + ")"))),
  ];
}

// Pointing at either end, or moving the focus there, lights the other; following a link goes to it.
function tie(view) {
  const light = (event) => {
    const on = event.target.closest("[data-own]");
    for (const lit of view.querySelectorAll(".lit")) lit.classList.remove("lit");
    if (!on) return;
    for (const other of view.querySelectorAll("[data-items]")) {
      if (other.dataset.items.split(" ").includes(on.dataset.own)) other.classList.add("lit");
    }
  };
  view.addEventListener("pointerover", light);
  view.addEventListener("pointerleave", light);
  view.addEventListener("focusin", light);
  view.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-own]");
    if (!link) return;
    event.preventDefault();
    const target = document.getElementById(link.getAttribute("href").slice(1)) || coveredMark(view, link);
    if (target) target.focus({ preventScroll: true });
    if (target) target.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  });
}

// A quote that others cover from end to end has no piece of its own.
function coveredMark(view, link) {
  return [...view.querySelectorAll(".mark")].find((piece) => piece.dataset.items.split(" ").includes(link.dataset.own));
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
