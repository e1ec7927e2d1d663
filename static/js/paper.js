// Prints, copies or downloads what a page must be kept for. Without JavaScript the buttons do not show, and the browser's
// own menu prints the page.
"use strict";

function keptText() {
  return Array.from(document.querySelectorAll("[data-kept], .codes li"), (part) => part.textContent.trim()).join("\n") + "\n";
}

// Not the clipboard API, which the oldest phones lack.
function copy(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  area.readOnly = true;
  document.body.append(area);
  area.focus();
  area.setSelectionRange(0, text.length);
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

function download(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function offer(name, act) {
  for (const button of document.querySelectorAll(`[data-${name}]`)) {
    button.hidden = false;
    button.addEventListener("click", () => act(button));
  }
}

offer("print", () => window.print());
offer("copy", (button) => {
  const status = document.getElementById("kept-status");
  status.textContent = copy(keptText()) ? status.dataset.copied : status.dataset.failed;
  button.focus();
});
if ("download" in document.createElement("a")) {
  offer("download", (button) => download(keptText(), button.dataset.download));
}
