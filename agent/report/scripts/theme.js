// Light or dark: as the system says, until the button says otherwise.

function themeButton() {
  const button = document.getElementById("theme");
  const dark = () => (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = dark() ? "Light" : "Dark"; };
  const stored = remembered();
  if (stored) document.documentElement.dataset.theme = stored;
  label();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", label);
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    label();
    try { localStorage.setItem("perfclaims-theme", document.documentElement.dataset.theme); } catch { /* a page from disk may have no storage */ }
  });
}

function remembered() {
  try {
    const theme = localStorage.getItem("perfclaims-theme");
    return theme === "light" || theme === "dark" ? theme : null;
  } catch {
    return null;
  }
}
