/* Compares the SHA-256 of a chosen or dropped PDF with that of the letter. The file stays here. */
"use strict";

(() => {
  const place = document.querySelector("[data-compare]");
  if (!place) return;
  const input = place.querySelector("input[type=file]");
  const counted = place.querySelector("[data-counted]");
  const answers = ["same", "different", "unable"].map((name) => [name, place.querySelector(`[data-${name}]`)]);

  function show(name, hash = "") {
    for (const [one, line] of answers) line.hidden = one !== name;
    counted.textContent = hash;
  }

  async function compare(file) {
    show("");
    if (!file) return;
    if (!window.crypto || !window.crypto.subtle) {
      show("unable");
      return;
    }
    const bytes = await window.crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hash = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    show(place.dataset.compare.split(" ").includes(hash) ? "same" : "different", hash);
  }

  input.addEventListener("change", () => compare(input.files[0]));
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    compare(event.dataTransfer.files[0]);
  });
})();
