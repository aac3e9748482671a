// Live parts, the button that compares, and nothing else: every page works without this file.
"use strict";

(() => {
  const notice = document.getElementById("notice");
  const say = (text, link) => {
    if (!notice || notice.textContent === text + (link || "")) return;
    notice.textContent = text;
    if (!link) return;
    const a = document.createElement("a");
    a.href = location.href;
    a.textContent = link;
    notice.append(a);
  };

  // A part is replaced as a whole; what is scrolled or focused inside of it stays where it was.
  const show = ({ id, html }) => {
    const part = document.getElementById(id);
    if (!part) return;
    const inside = part.contains(document.activeElement) ? document.activeElement : null;
    const path = inside && (inside.getAttribute("href") || inside.className);
    const scroll = part.querySelector(".log")?.scrollTop;
    part.innerHTML = html;
    if (scroll) part.querySelector(".log").scrollTop = scroll;
    if (!path) return;
    for (const one of part.querySelectorAll("a, [tabindex]"))
      if (one.getAttribute("href") === path || one.className === path) return one.focus();
  };

  const isBusy = () =>
    ![document.body, document.getElementById("main")].includes(document.activeElement)
    || document.querySelector("input[name=run]:checked") || String(getSelection());

  const follow = (address) => {
    let lost = false;
    const source = new EventSource(address);
    source.onopen = () => {
      if (lost) say("Connected again.");
      lost = false;
      document.body.dataset.connected = "yes";
    };
    source.onerror = () => {
      lost = true;
      document.body.dataset.connected = "no";
      say("The connection to eidetic serve is lost; trying again. What stands here may be old.");
    };
    source.addEventListener("part", (event) => show(JSON.parse(event.data)));
    source.addEventListener("changed", () => {
      // Whoever reads, chooses or types is not interrupted.
      if (document.body.dataset.reload === "yes" && !isBusy()) location.reload();
      else say("There is something new. ", "Show it");
    });
    addEventListener("pagehide", () => source.close());
    // A page that comes back from the browser's memory has no connection any more.
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  };

  const address = document.body.dataset.live;
  if (address) follow(address);

  const form = document.getElementById("compare");
  if (!form) return;
  const button = form.querySelector("button");
  const count = () => {
    const n = document.querySelectorAll("input[name=run]:checked").length;
    button.textContent = n < 2 ? "Compare chosen runs" : `Compare ${n} chosen runs`;
  };
  document.addEventListener("change", count);
  count();
})();
