/* Many documents at once: each file is a request of its own, so that what arrived stays, and only
   what failed is sent again. A single file, and a page without this script, send the form as it is. */
"use strict";

(() => {
  const SIDE_BY_SIDE = 2;
  const FINE = new Set(["placed", "tray", "repeated", "archive", "sheet", "waiting"]);
  const isZip = (file) => file.name.toLowerCase().endsWith(".zip");
  const pathOf = (file) => file.fullPath || file.webkitRelativePath || file.name;

  /* --- Folders that are dropped: all files in them, with their paths ---------------------------- */

  function filesOf(entry, path) {
    if (entry.isFile) {
      return new Promise((resolve, reject) => {
        entry.file((file) => {
          file.fullPath = path + file.name;
          resolve([file]);
        }, reject);
      });
    }
    const reader = entry.createReader();
    const found = [];
    const more = () =>
      new Promise((resolve, reject) => reader.readEntries(resolve, reject)).then((entries) => {
        if (!entries.length) return found;
        return Promise.all(entries.map((one) => filesOf(one, `${path}${entry.name}/`))).then((lists) => {
          for (const list of lists) found.push(...list);
          return more();
        });
      });
    return more();
  }

  /* --- The queue ---------------------------------------------------------------------------------- */

  class Queue {
    constructor(place, files) {
      this.place = place;
      this.panel = place.querySelector("[data-queue]");
      this.form = place.querySelector("form");
      this.waiting = [...files];
      this.total = files.length;
      this.counts = { placed: 0, tray: 0, repeated: 0, refused: 0, waiting: 0 };
      this.failed = [];
      this.running = new Set();
      this.archives = 0;
    }

    part(name) {
      return this.panel.querySelector(`[data-queue-${name}]`);
    }

    start() {
      this.form.hidden = true;
      this.panel.hidden = false;
      this.part("cancel").hidden = false;
      this.part("cancel").onclick = () => this.cancel();
      this.part("retry").onclick = () => this.retry();
      this.part("retry").hidden = true;
      this.part("close").hidden = true;
      this.panel.focus();
      this.show();
      for (let at = 0; at < SIDE_BY_SIDE; at += 1) this.next();
    }

    next() {
      const file = this.waiting.shift();
      if (file) this.send(file);
      else if (!this.running.size) this.end();
    }

    send(file) {
      const limit = Number(isZip(file) ? this.place.dataset.maxArchive : this.form.dataset.maxBytes);
      if (file.size > limit) {
        this.refuse(file, this.place.dataset.largeText, false);
        this.next();
        return;
      }
      if (isZip(file) && window.portalParts.fits(file, this.place)) {
        this.sendInParts(file);
        return;
      }
      const request = new XMLHttpRequest();
      const data = new FormData();
      data.append("csrf_token", this.form.querySelector("[name=csrf_token]").value);
      data.append("kind", this.form.querySelector("[name=kind]").value);
      data.append("path", pathOf(file));
      data.append("file", file, file.name);
      request.open("POST", isZip(file) ? this.place.dataset.archive : this.place.dataset.filing);
      request.addEventListener("load", () => this.answered(file, request));
      for (const kind of ["error", "abort"]) {
        request.addEventListener(kind, () => this.lost(file, request));
      }
      if (this.total === 1) {
        request.upload.addEventListener("progress", (event) => {
          const bar = this.panel.querySelector("progress");
          bar.max = event.total || 1;
          bar.value = event.loaded;
        });
      }
      this.running.add(request);
      request.send(data);
    }

    sendInParts(file) {
      const sending = window.portalParts.send(file, this.place, (sent) => {
        if (this.total > 1) return;
        const bar = this.panel.querySelector("progress");
        bar.max = file.size;
        bar.value = Math.min(sent, file.size - 1);
        this.part("of").textContent = this.place.dataset.sentText.replace("{sent}", Math.floor(bar.value / 1048576)).replace("{total}", Math.ceil(file.size / 1048576));
      });
      this.running.add(sending);
      sending
        .run()
        .then(
          () => {
            this.archives += 1;
            const bar = this.panel.querySelector("progress");
            if (this.total === 1) bar.value = bar.max;
          },
          (error) => {
            this.refuse(file, error.message || this.reason(error.status, "partsText"), !error.isTold);
          },
        )
        .then(() => {
          this.running.delete(sending);
          this.show();
          this.next();
        });
    }

    answered(file, request) {
      this.running.delete(request);
      let told = null;
      try {
        told = JSON.parse(request.responseText);
      } catch {
        told = null; // a page: signed out, or the batch was closed meanwhile
      }
      if (told && FINE.has(told.state)) {
        if (told.state === "archive" || told.state === "sheet") this.archives += 1;
        else this.counts[told.state] += 1;
      } else this.refuse(file, told ? told.text : this.reason(request.status, "lostText"), !told);
      this.show();
      this.next();
    }

    /* Why a file was answered with a page: the form is of a session that has ended, or the disk is full. */
    reason(status, otherwise) {
      return this.place.dataset[{ 400: "outText", 507: "fullText" }[status] || otherwise];
    }

    lost(file, request) {
      this.running.delete(request);
      this.refuse(file, this.place.dataset.lostText, true);
      this.show();
      this.next();
    }

    refuse(file, text, again) {
      this.counts.refused += 1;
      if (again) this.failed.push(file);
      const line = document.createElement("li");
      const name = document.createElement("strong");
      name.textContent = pathOf(file);
      const why = document.createElement("small");
      why.textContent = text;
      const both = document.createElement("div");
      both.append(name, document.createElement("br"), why);
      line.append(both);
      this.part("refused").append(line);
      this.part("refused").hidden = false;
    }

    cancel() {
      for (const file of this.waiting.splice(0)) this.refuse(file, this.place.dataset.stoppedText, true);
      for (const request of [...this.running]) request.abort();
      this.show();
      if (!this.running.size) this.end();
    }

    retry() {
      const files = this.failed.splice(0);
      this.counts.refused -= files.length;
      this.part("refused").replaceChildren();
      this.waiting.push(...files);
      this.start();
    }

    show() {
      const done = this.archives + Object.values(this.counts).reduce((sum, one) => sum + one, 0);
      const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => String(values[name]));
      this.part("of").textContent = fill(this.place.dataset.ofText, { done, total: this.total });
      this.part("done").textContent = fill(this.place.dataset.doneText + (this.counts.waiting ? this.place.dataset.waitingText : ""), this.counts);
      const bar = this.panel.querySelector("progress");
      if (this.total > 1) {
        bar.max = this.total;
        bar.value = done;
      }
    }

    /* All is told by the page itself, unless something is to be read here first. */
    end() {
      if (!this.counts.refused) {
        window.location.assign(this.place.dataset.here);
        return;
      }
      this.part("cancel").hidden = true;
      this.part("retry").hidden = !this.failed.length;
      this.part("close").hidden = false;
      this.panel.focus();
    }
  }

  function isForQueue(form, files) {
    const row = form.querySelector("[name=row]").value.trim();
    return !row && (files.length > 1 || files.some(isZip) || files.some((one) => pathOf(one).includes("/")));
  }

  /* Before portal.js: what belongs into the queue goes no further. */
  document.addEventListener(
    "change",
    (event) => {
      const place = event.target.closest && event.target.closest("[data-filing]");
      if (!place || event.target.type !== "file" || !event.target.files.length) return;
      const files = [...event.target.files];
      if (!isForQueue(place.querySelector("form"), files)) return;
      event.stopPropagation();
      new Queue(place, files).start();
    },
    true,
  );

  document.addEventListener(
    "drop",
    (event) => {
      const zone = event.target.closest && event.target.closest("[data-filing] [data-upload-zone]");
      if (!zone) return;
      const entries = [...event.dataTransfer.items]
        .map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry())
        .filter(Boolean);
      if (!entries.some((one) => one.isDirectory)) return;
      event.preventDefault();
      event.stopPropagation();
      zone.classList.remove("over");
      Promise.all(entries.map((one) => filesOf(one, ""))).then((lists) => {
        const files = lists.flat();
        if (files.length) new Queue(zone.closest("[data-filing]"), files).start();
      });
    },
    true,
  );

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-folder]");
    if (!button) return;
    const input = button.closest("[data-filing]").querySelector("input[type=file]");
    input.webkitdirectory = true;
    input.click();
    input.webkitdirectory = false;
  });

  /* Leaving while files are on their way: the browser asks. */
  window.addEventListener("beforeunload", (event) => {
    const panel = document.querySelector("[data-queue]:not([hidden]) [data-queue-cancel]:not([hidden])");
    if (panel && !document.querySelector("[data-queue-close]:not([hidden])")) {
      const bar = document.querySelector("[data-queue] progress");
      if (bar.value < bar.max) event.preventDefault();
    }
  });
})();
