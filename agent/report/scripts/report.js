// A report: its papers stand in the page itself.

themeButton();
new Page().add(document.getElementById("lines").textContent.split("\n"));
