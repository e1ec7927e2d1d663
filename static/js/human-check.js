// Sends the puzzle to a worker and puts its solution into the form. Without a solution the user waits instead.
// A form that is sent while the worker is busy is held back and sent when the worker is done.
"use strict";

const answer = document.querySelector("input[data-puzzle]");
const state = document.getElementById("check-status");

function solve() {
  const worker = new Worker(answer.dataset.worker);
  let busy = true;
  let held = false;

  function finish(solution) {
    busy = false;
    answer.value = solution;
    state.textContent = solution ? state.dataset.ready : state.dataset.failed;
    worker.terminate();
    if (held) answer.form.requestSubmit();
  }

  answer.form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    held = true;
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
