// Sends the puzzle to a worker and puts its solution into the form. Without a solution the user waits instead.
// A form that is sent while the worker is busy is held back and sent when the worker is done.
"use strict";

const answer = document.querySelector("input[data-puzzle]");
const state = document.getElementById("check-status");

function solve() {
  const form = answer.form;
  const worker = new Worker(answer.dataset.worker);
  let busy = true;
  let held = false;
  let pressed = form.querySelector("[type='submit']");

  function finish(solution) {
    if (!busy) return;
    busy = false;
    answer.value = solution;
    state.textContent = solution ? state.dataset.ready : state.dataset.failed;
    worker.terminate();
    form.removeAttribute("aria-busy");
    // A click works where requestSubmit is missing, and sends the name of the button, for example of a language.
    if (held) pressed.click();
  }

  // Browsers also report a click on the form's first button when the user presses Enter in a field.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && button.form === form && button.type === "submit") pressed = button;
  });
  form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    held = true;
    form.setAttribute("aria-busy", "true");
  });
  state.textContent = state.dataset.working;
  worker.onmessage = ({ data }) => finish(data);
  worker.onerror = () => finish("");
  worker.postMessage(JSON.parse(answer.dataset.puzzle).parameters);
}

if (answer && state) {
  if (window.Worker && window.crypto && window.crypto.subtle) solve();
  else state.textContent = state.dataset.failed;
}
