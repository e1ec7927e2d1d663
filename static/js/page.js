// Small improvements to the pages. Every page works without JavaScript.
"use strict";

const POLL_MS = 2000;
const POLLS = 60;
const MINUTE_MS = 60000;

function focusErrors() {
  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();
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
letPasswordBeSeen();
for (const form of document.querySelectorAll("[data-status-url]")) {
  fillCode(form);
  announceExpiry(form);
  showDelivery(form);
}
