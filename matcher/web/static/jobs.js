// How far a job is, kept up to date; without scripts the page has a link that looks again.
(function () {
  "use strict";
  var box = document.getElementById("stand");
  if (!box) { return; }
  var said = document.getElementById("stand-woorden");
  var bar = box.querySelector("progress");
  var stuck = document.getElementById("stand-stil");
  var again = document.getElementById("stand-opnieuw");
  // Nobody who left the room stays signed in because this page keeps asking.
  var until = Date.now() + Number(box.dataset.until) * 1000;
  var wait = 1000;

  function show(now) {
    if (said.textContent !== now.words) { said.textContent = now.words; }
    if (now.total) {
      bar.max = now.total;
      bar.value = now.done;
    }
    stuck.hidden = !now.stuck;
  }

  function look() {
    if (Date.now() > until) {
      again.hidden = false;
      return;
    }
    if (document.hidden) {
      window.setTimeout(look, wait);
      return;
    }
    fetch(box.dataset.url, { credentials: "same-origin", redirect: "manual" })
      .then(function (answer) {
        if (answer.ok) { return answer.json(); }
        if (answer.status < 500) { window.location.reload(); }
        throw new Error("no answer");
      })
      .then(function (now) {
        if (now.ended) {
          window.location.reload();
          return;
        }
        wait = 1000;
        show(now);
        window.setTimeout(look, wait);
      })
      .catch(function () {
        wait = Math.min(wait * 2, 30000);
        window.setTimeout(look, wait);
      });
  }

  again.hidden = true;
  window.setTimeout(look, wait);
})();
