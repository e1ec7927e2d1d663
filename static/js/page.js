// Small improvements to the pages. Every page works without JavaScript.
"use strict";

const POLL_MS = 2000;
const POLLS = 60;
const MINUTE_MS = 60000;
const PRESS_MS = 10000; // then the line may have failed, and a press counts again

function focusErrors() {
  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();
}

// Sends a form once, however often its button is pressed, and shows that the request is under way.
function sendOnce() {
  let pressed = null;
  function release(form) {
    form.removeAttribute("aria-busy");
    for (const button of document.querySelectorAll(".working")) button.classList.remove("working");
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && button.type === "submit") pressed = button;
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return; // another script holds the form back
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    const isPressed = pressed && pressed.form === form && pressed.classList.contains("button");
    const button = isPressed ? pressed : form.querySelector(".button");
    form.setAttribute("aria-busy", "true");
    if (button) button.classList.add("working");
    setTimeout(release, PRESS_MS, form);
  });
  // The back button may show the page as it was left.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[aria-busy]")) release(form);
  });
}

function letPasswordBeSeen() {
  for (const button of document.querySelectorAll("[data-toggle-password]")) {
    const input = document.getElementById(button.dataset.togglePassword);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = shown ? button.dataset.show : button.dataset.hide;
    });
    // Hide the password again before sending, so that the browser does not store it as text.
    input.form.addEventListener("submit", () => { input.type = "password"; });
  }
}

function fillCode(form) {
  const input = form.querySelector("[autocomplete='one-time-code']");
  if (!input || !("OTPCredential" in window)) return;
  const abort = new AbortController();
  form.addEventListener("submit", () => abort.abort());
  navigator.credentials
    .get({ otp: { transport: ["sms"] }, signal: abort.signal })
    .then((credential) => { if (credential && !input.value) input.value = credential.code; })
    .catch(() => {});
}

function announceExpiry(form) {
  const note = document.getElementById("expiry");
  const left = new Date(form.dataset.expires) - Date.now() - MINUTE_MS;
  if (note && left > 0) setTimeout(() => { note.textContent = note.dataset.text; }, left);
}

function showDelivery(form) {
  const visible = document.getElementById("delivery-text");
  const sent = document.getElementById("code-sent");
  const failure = document.getElementById("delivery-failed");
  const spoken = document.getElementById("delivery");
  let polls = 0;
  async function ask() {
    polls += 1;
    try {
      const answer = await fetch(form.dataset.statusUrl, { headers: { Accept: "application/json" } });
      const { text, failed, final } = await answer.json();
      if (text && text !== visible.textContent) {
        visible.textContent = text;
        spoken.textContent = text;
        if (sent) sent.hidden = failed;
        failure.hidden = !failed;
        failure.className = failed ? "notice" : "";
        failure.textContent = failed ? text : "";
      }
      if (final) return;
    } catch (error) {
      // The next request may succeed. The link beside the text works without JavaScript.
    }
    if (polls < POLLS) setTimeout(ask, POLL_MS);
  }
  if (visible && spoken) ask();
}

focusErrors();
sendOnce();
letPasswordBeSeen();
for (const form of document.querySelectorAll("[data-status-url]")) {
  fillCode(form);
  announceExpiry(form);
  showDelivery(form);
}
