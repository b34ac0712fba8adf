// A feed under way: how far it is, and the view of its records as they come. The address holds all that a reload needs.

const PAUSE = 400;
themeButton();
const job = document.getElementById("job");
const address = "/api/jobs/" + encodeURIComponent(job.dataset.job);
const page = new Page();

document.getElementById("forget").addEventListener("click", async () => {
  await fetch(address, { method: "DELETE" });
  location.assign("/");
});
follow();

async function follow() {
  for (;;) {
    try {
      const answer = await fetch(address);
      if (answer.status === 404) return show({ state: "failed", message: "it is no longer here", total: null, done: 0, notices: [] });
      const status = await answer.json();
      await fetchLines(status.records);
      show(status);
      if (["done", "failed", "stopped"].includes(status.state)) return undefined;
    } catch {
      document.getElementById("state").textContent = "the server does not answer; trying again";
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function fetchLines(there) {
  while (page.papers.length < there) {
    const answer = await fetch(address + "/lines?from=" + page.papers.length);
    const lines = (await answer.text()).split("\n").filter(Boolean);
    if (!lines.length) return;
    page.add(lines);
  }
}

function show({ state, message, total, done, notices }) {
  const bar = document.getElementById("progress");
  const ended = ["done", "failed", "stopped"].includes(state);
  bar.hidden = ended;
  if (total) { bar.max = total; bar.value = done; }
  const far = total ? " " + done.toLocaleString("en") + " of " + total.toLocaleString("en") : "";
  document.getElementById("state").textContent = visible(state === "done" ? "done" : state + far + (message ? ": " + message : ""));
  const list = document.getElementById("notices");
  list.hidden = !notices.length;
  list.querySelector("summary").textContent = counted(notices.length, "notice");
  list.querySelector("ul").replaceChildren(...notices.map((notice) => element("li", {}, notice)));
}
