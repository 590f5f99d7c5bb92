/* A document is dragged onto its row, onto another one too, and back into the tray: the shorter way of
   what the forms beside it do without this script. What came of it is said in a status line. */
"use strict";

(() => {
  const CARRIED = "[data-carry]";
  const near = (event, selector) => (event.target.closest ? event.target.closest(selector) : null);
  const aloud = document.createElement("p");
  aloud.className = "visually-hidden";
  aloud.setAttribute("role", "status");
  document.body.append(aloud);

  let carried = null;

  const carryForm = () => document.querySelector("[data-carry-form]");
  const carryTray = () => document.querySelector("[data-carry-tray]");
  const isPlaced = (one) => "carryFrom" in one.dataset || "carryPlaced" in one.dataset;
  const words = (text, one) => text.replace("{file}", one.dataset.carryName);

  function takeable() {
    if (!carryForm()) return;
    for (const one of document.querySelectorAll(CARRIED)) one.draggable = true;
  }

  function putDown() {
    carried = null;
    for (const one of document.querySelectorAll(".pk-over")) one.classList.remove("pk-over");
    if (carryTray()) carryTray().hidden = true;
  }

  /* Where the carried document may be let go: a row, or the tray for what lies on one. */
  function target(event) {
    if (!carried) return null;
    return near(event, "[data-carry-row]") || (isPlaced(carried) ? near(event, "[data-carry-tray]") : null);
  }

  document.addEventListener("dragstart", (event) => {
    carried = near(event, CARRIED);
    if (!carried) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", carried.dataset.carryName);
    aloud.textContent = words(carryForm().dataset.takenText, carried);
    /* What appears at once under the pointer would end the drag that is just beginning. */
    if (isPlaced(carried)) setTimeout(() => { if (carried) carryTray().hidden = false; });
  });

  document.addEventListener("dragend", putDown);

  document.addEventListener("dragover", (event) => {
    const over = target(event);
    for (const one of document.querySelectorAll(".pk-over")) if (one !== over) one.classList.remove("pk-over");
    if (!over) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    over.classList.add("pk-over");
  });

  document.addEventListener("drop", (event) => {
    const over = target(event);
    if (!over) return;
    event.preventDefault();
    const one = carried;
    const { carry: id, carryFrom: from } = one.dataset;
    const row = over.dataset.carryRow;
    const lacking = near(event, "[data-carry-to]");
    putDown();
    if (row === undefined) send("back", id, from === undefined ? {} : { row: from });
    else if (from !== row) place(one, id, row, lacking);
  });

  /* What kind it is tells the cell, or its name; else that is asked in the tray. What lies on a row
     already keeps its kind: it is the same for all its rows. */
  function place(one, id, row, lacking) {
    const typed = document.getElementById(`tempat-${id}`);
    const kind = isPlaced(one) ? one.dataset.carryKind : (lacking && lacking.dataset.carryTo) || typed.elements.kind.value;
    if (kind) {
      send("place", id, { whose: row, kind });
      return;
    }
    typed.elements.whose.value = row;
    typed.elements.kind.focus();
    aloud.textContent = words(carryForm().dataset.kindText, one);
  }

  function send(what, id, fields) {
    const form = carryForm();
    const data = new FormData();
    data.set("csrf_token", document.querySelector("main [name=csrf_token]").value);
    data.set("next", window.location.pathname + window.location.search);
    for (const [name, value] of Object.entries(fields)) data.set(name, value);
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset[what].replace("0".repeat(32), id));
    request.addEventListener("load", () => showAnswer(request));
    request.addEventListener("error", () => { aloud.textContent = form.dataset.lostText; });
    request.send(data);
  }

  /* The page as it is now, in its place; what happened is said, and an error is gone to. */
  function showAnswer(request) {
    const fresh = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = fresh.querySelector("main");
    if (!main) {
      window.location.reload();
      return;
    }
    const at = window.scrollY;
    document.querySelector("main").replaceWith(main);
    document.title = fresh.title;
    main.dispatchEvent(new CustomEvent("pk:swapped", { bubbles: true }));
    if (window.htmx) window.htmx.process(main);
    takeable();
    if (request.status < 400) {
      window.scrollTo(0, at);
      aloud.textContent = [...main.querySelectorAll(".pk-note[role=status]")].map((one) => one.textContent.trim()).join(" ");
    } else {
      window.scrollTo(0, 0);
      main.focus();
    }
  }

  takeable();
})();
