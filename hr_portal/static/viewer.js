/* The viewer of documents: larger, smaller, turned, full screen, page by page; keys where the picture
   has the focus, arrows on the viewer's own page. Without this file the pages are a plain list. */
"use strict";

(() => {
  const LEAST = 0.5;
  const MOST = 4;
  const view = { size: 1, turn: 0 };
  const bench = document.querySelector("[data-bench]");
  const look = document.querySelector("[data-look]");

  /* --- How each page is shown -------------------------------------------------------------------- */

  function show(picture) {
    const sheet = picture.parentElement;
    const lies = view.turn % 180 !== 0;
    const shape = picture.getAttribute("width") / picture.getAttribute("height") || 1;
    sheet.style.width = `${view.size * 100}%`;
    sheet.style.maxWidth = view.size === 1 ? "" : "none";
    sheet.style.aspectRatio = lies ? String(1 / shape) : "";
    sheet.toggleAttribute("data-turned", view.turn !== 0);
    picture.style.width = lies ? `${shape * 100}%` : "";
    picture.style.rotate = `${view.turn}deg`;
  }

  const figureOf = (viewer) => viewer.querySelector("figure");
  const showAll = (viewer) => viewer.querySelectorAll("[data-picture]").forEach(show);

  /* --- Page by page ---------------------------------------------------------------------------------- */

  function current(figure) {
    const line = figure.getBoundingClientRect().top + figure.clientHeight / 3;
    const sheets = [...figure.querySelectorAll("[data-sheet]")];
    const passed = sheets.filter((one) => one.getBoundingClientRect().top <= line);
    return [sheets, Math.max(0, passed.length - 1)];
  }

  function turnPage(figure, by) {
    const [sheets, at] = current(figure);
    const next = sheets[at + by];
    if (!next) return false;
    figure.scrollTop += next.getBoundingClientRect().top - figure.getBoundingClientRect().top - 8;
    return true;
  }

  function tell(figure) {
    const place = figure.closest("[data-viewer]").querySelector("[data-at]");
    // opened before its pages were drawn, the page doesn't know how many there will be
    const total = Number(figure.dataset.total) || figure.querySelectorAll("[data-sheet]").length;
    if (!place || total < 2) return;
    const text = figure.dataset.atText.replace("{page}", current(figure)[1] + 1).replace("{total}", total);
    if (place.textContent !== text) place.textContent = text;
  }

  /* --- Buttons and keys ------------------------------------------------------------------------------- */

  const ACTS = {
    in: (viewer) => { view.size = Math.min(MOST, view.size * 1.25); showAll(viewer); return true; },
    out: (viewer) => { view.size = Math.max(LEAST, view.size / 1.25); showAll(viewer); return true; },
    turn: (viewer) => { view.turn = (view.turn + 90) % 360; showAll(viewer); return true; },
    on: (viewer) => turnPage(figureOf(viewer), 1),
    back: (viewer) => turnPage(figureOf(viewer), -1),
    full: (viewer) => {
      if (document.fullscreenElement) document.exitFullscreen();
      else figureOf(viewer).requestFullscreen();
      return true;
    },
  };
  const KEYS = { "+": "in", "=": "in", "-": "out", r: "turn", ArrowRight: "on", ArrowLeft: "back" };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-view]");
    if (button) ACTS[button.dataset.view](button.closest("[data-viewer]"));
  });

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") && !target.matches("[type=checkbox], [type=radio]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented || typing(event.target)) return;
    const viewer = document.querySelector("[data-viewer]");
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const isInside = event.target.closest("[data-viewer]") !== null;
    const mayLetters = isInside || (bench && "keys" in bench.dataset);
    if (!viewer || !(mayLetters || (look && key.startsWith("Arrow")))) return;
    if (key === "d" && look) {
      const next = document.querySelector("[data-next-document]");
      if (next) next.click();
      return;
    }
    if (look && isInside && "st".includes(key)) {
      const fits = look.querySelector("[data-fits]");
      const unfit = look.querySelector("[data-unfit]");
      if (key === "s" && fits) fits.click();
      if (key === "t" && unfit) {
        event.preventDefault(); // the letter would be typed into the reason
        unfit.open = true;
        unfit.querySelector("textarea").focus();
      }
      return;
    }
    if (key in KEYS && viewer.querySelector("[data-picture]") && ACTS[KEYS[key]](viewer)) event.preventDefault();
  });

  /* --- What comes later: pages drawn since, another document ---------------------------------------------- */

  document.addEventListener("scroll", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-viewer] figure")) tell(event.target);
  }, true);

  /* Whoever chose another document from inside the viewer stands on its tab again. */
  let stood = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    stood = target.matches("[data-viewer]") && target.contains(document.activeElement);
  });

  document.addEventListener("htmx:load", (event) => {
    const part = event.detail.elt;
    const tab = stood && part.matches("[data-viewer]") && part.querySelector(".bar [aria-current]");
    if (tab) tab.focus({ preventScroll: true });
    stood = false;
    if (part.matches("[data-viewer]") || part.querySelector("[data-viewer]")) {
      view.size = 1;
      view.turn = 0;
    }
    const viewer = part.closest("[data-viewer]") || part.querySelector("[data-viewer]");
    if (viewer) {
      showAll(viewer);
      if (figureOf(viewer)) tell(figureOf(viewer));
    }
    for (const button of part.querySelectorAll("[data-script]")) button.hidden = false;
  });

  if (look && !location.hash) {
    const figure = look.querySelector("figure");
    figure.focus({ preventScroll: true });
    tell(figure);
  }
})();
