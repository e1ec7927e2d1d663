// Small improvements to the pages of the admin. Every page works without JavaScript.
"use strict";

function isTyping(element) {
  return element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
}

// "/" leads to the search field from anywhere but a field.
function searchByKey() {
  const field = document.getElementById("helpdesk-search");
  if (!field) return;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}



// The page of an account reads its own part again. Nothing is replaced while somebody reads it by keyboard or types in it.
function keepCurrent() {
  const part = document.getElementById("helpdesk-live");
  if (!part) return;
  async function read() {
    if (document.hidden || part.contains(document.activeElement)) return;
    try {
      const answer = await fetch(part.dataset.url, { headers: { Accept: "text/html" }, redirect: "error" });
      const text = answer.ok ? await answer.text() : "";
      if (text && !part.contains(document.activeElement)) part.innerHTML = text;
    } catch (error) {
      // The next reading may succeed.
    }
  }
  setInterval(read, Number(part.dataset.seconds) * 1000);
}

searchByKey();
keepCurrent();
