// The first page: one abstract pasted in, or a feed given.

themeButton();
const paste = document.getElementById("paste");
if (paste) {
  paste.addEventListener("submit", (event) => { event.preventDefault(); summarizePasted(); });
  paste.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) paste.requestSubmit();
  });
  takeFeeds(document.getElementById("drop"), document.getElementById("feed"));
}

let asked = 0;

async function summarizePasted() {
  const said = document.getElementById("said");
  const number = ++asked;
  said.textContent = "Asking " + document.getElementById("engine").textContent + " …";
  const abstract = document.getElementById("abstract").value;
  try {
    const line = await sent("/api/summarize", JSON.stringify({ abstract }), {
      "Content-Type": "application/json", Accept: "application/vnd.perfclaims.line",
    });
    if (number !== asked) return;
    said.textContent = "";
    showResult(paperOf(line, number));
  } catch (error) {
    if (number === asked) said.textContent = visible(error.message);
  }
}

function showResult(paper) {
  const result = document.getElementById("result");
  const { title, headline } = paper.record;
  result.replaceChildren(
    ...(title ? [element("h2", { dir: "auto" }, title)] : []),
    element("p", { class: "headline", dir: "auto" }, timesSign(headline)),
    evidenceView(paper));
  result.hidden = false;
  result.focus({ preventScroll: true });
  result.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
}

function takeFeeds(drop, input) {
  input.addEventListener("change", () => input.files.length && giveFeed(input.files[0]));
  addEventListener("dragover", (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) giveFeed(event.dataTransfer.files[0]);
  });
}

async function giveFeed(file) {
  const said = document.getElementById("sent");
  said.textContent = visible("Sending " + file.name + " …");
  try {
    const job = await sent("/api/jobs?name=" + encodeURIComponent(file.name), file, { "Content-Type": "application/octet-stream" });
    location.assign("/jobs/" + encodeURIComponent(JSON.parse(job).id));
  } catch (error) {
    said.textContent = visible(error.message);
  }
}

async function sent(address, body, headers) {
  const answer = await fetch(address, { method: "POST", body, headers });
  const text = await answer.text();
  if (answer.ok) return text;
  let why = "";
  try { why = JSON.parse(text).error; } catch { why = "the server answered " + answer.status; }
  throw new Error(why);
}
