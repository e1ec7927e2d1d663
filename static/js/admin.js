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

searchByKey();
