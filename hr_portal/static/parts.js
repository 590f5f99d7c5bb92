/* A large ZIP in parts: each is a request of its own with its SHA-256. Begun again with the same
   file, after a lost network or on another day, only the parts that were not acknowledged are sent. */
"use strict";

window.portalParts = (() => {
  const TRIES = 5;
  const FIRST_PAUSE_MS = 1000;
  const DAMAGED = "part_damaged";
  const AFRESH = new Set(["part_differs", "upload_ended"]);

  const hex = (buffer) =>
    [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  class Refused extends Error {
    constructor(status, told) {
      super(told ? told.text : "");
      this.status = status;
      this.code = told ? told.code : "";
      this.isTold = Boolean(told);
    }
  }

  class Stopped extends Error {}

  class Sending {
    constructor(file, place, progress) {
      this.file = file;
      this.place = place;
      this.progress = progress;
      this.token = place.querySelector("[name=csrf_token]").value;
      this.isStopped = false;
      this.request = null;
      this.wake = null;
    }

    /* The promise of what the server says of the whole; rejected with Refused or Stopped. */
    async run() {
      for (let round = 1; ; round += 1) {
        const upload = await this.post(this.place.dataset.parts, { name: this.file.name, size: this.file.size });
        try {
          await this.sendParts(upload);
          return await this.post(upload.complete, {});
        } catch (error) {
          if (error.code === "upload_done") return { state: "archive" }; // another page was first
          // The file was changed since, or another page has ended the upload: from its beginning.
          if (round > 1 || !AFRESH.has(error.code)) throw error;
          if (error.code === "part_differs") await this.post(upload.cancel, {}).catch(() => null);
        }
      }
    }

    async sendParts(upload) {
      for (let number = 1; number <= upload.parts; number += 1) {
        if (this.isStopped) throw new Stopped();
        const start = (number - 1) * upload.part_bytes;
        const part = this.file.slice(start, start + upload.part_bytes);
        const digest = hex(await crypto.subtle.digest("SHA-256", await part.arrayBuffer()));
        const known = upload.acknowledged[number];
        if (known && known !== digest) throw new Refused(409, { code: "part_differs", text: "" });
        if (!known) await this.post(`${upload.here}${number}`, { sha256: digest, file: part }, start);
        this.progress(start + part.size);
      }
    }

    /* A request that is tried again where the network or the server is away for a while. */
    async post(address, values, start = null) {
      for (let tries = 1, pause = FIRST_PAUSE_MS; ; tries += 1, pause *= 2) {
        try {
          return await this.once(address, values, start);
        } catch (error) {
          if (this.isStopped) throw new Stopped();
          const isPassing = error.code === DAMAGED || [0, 429, 502, 503, 504].includes(error.status);
          if (!isPassing || tries >= TRIES) throw error;
          await new Promise((resolve) => {
            this.wake = resolve;
            setTimeout(resolve, pause);
          });
          if (this.isStopped) throw new Stopped();
        }
      }
    }

    once(address, values, start) {
      return new Promise((resolve, reject) => {
        const data = new FormData();
        data.append("csrf_token", this.token);
        for (const [name, value] of Object.entries(values)) data.append(name, value);
        const request = new XMLHttpRequest();
        this.request = request;
        request.open("POST", address);
        request.addEventListener("load", () => {
          let told = null;
          try {
            told = JSON.parse(request.responseText);
          } catch {
            told = null; // a page: signed out, a full disk, or the batch was closed meanwhile
          }
          if (request.status === 200 && told) resolve(told);
          else reject(new Refused(request.status, told));
        });
        for (const kind of ["error", "abort"]) {
          request.addEventListener(kind, () => reject(new Refused(0, null)));
        }
        if (start !== null) {
          request.upload.addEventListener("progress", (event) => this.progress(start + event.loaded));
        }
        request.send(data);
      });
    }

    abort() {
      this.isStopped = true;
      if (this.request) this.request.abort();
      if (this.wake) this.wake();
    }
  }

  return {
    /* Whether a file is to go in parts; without hashes (no secure connection) it goes whole. */
    fits: (file, place) =>
      Boolean(place.dataset.parts && window.crypto && crypto.subtle) && file.size > Number(place.dataset.partBytes),
    send: (file, place, progress) => new Sending(file, place, progress),
  };
})();
