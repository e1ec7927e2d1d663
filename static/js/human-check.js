// Sends the puzzle to a worker and puts its solution into the form. Without a solution the user waits instead.
"use strict";

const form = document.getElementById("check-form");
const state = document.getElementById("check-status");

function solve() {
  const worker = new Worker(form.dataset.worker);
  state.textContent = state.dataset.working;
  worker.onmessage = ({ data }) => {
    form.elements.solution.value = data;
    state.textContent = data ? state.dataset.ready : state.dataset.failed;
    worker.terminate();
  };
  worker.onerror = () => { state.textContent = state.dataset.failed; };
  worker.postMessage(JSON.parse(form.dataset.puzzle).parameters);
}

if (form && state) {
  if (window.Worker && window.crypto && window.crypto.subtle) solve();
  else state.textContent = state.dataset.failed;
}
