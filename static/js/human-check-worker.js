// Finds the counter whose derived key begins with the puzzle's prefix (altcha's proof of work, PBKDF2/SHA-256).
"use strict";

const LIMIT = 100000;

const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

function password(nonce, counter) {
  const buffer = new Uint8Array(nonce.length + 4);
  buffer.set(nonce);
  new DataView(buffer.buffer).setUint32(nonce.length, counter);
  return buffer;
}

async function derive(puzzle, nonce, salt, counter) {
  const key = await crypto.subtle.importKey("raw", password(nonce, counter), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: puzzle.cost };
  return hex(await crypto.subtle.deriveBits(how, key, puzzle.keyLength * 8));
}

async function solve(puzzle) {
  const nonce = bytes(puzzle.nonce);
  const salt = bytes(puzzle.salt);
  for (let counter = 0; counter < LIMIT; counter += 1) {
    const key = await derive(puzzle, nonce, salt, counter);
    if (key.startsWith(puzzle.keyPrefix)) return `${counter}:${key}`;
  }
  return "";
}

// Some old browsers have no crypto.subtle in workers. An error without an answer would hold the form back forever.
self.onmessage = ({ data }) => {
  solve(data).catch(() => "").then((solution) => self.postMessage(solution));
};
