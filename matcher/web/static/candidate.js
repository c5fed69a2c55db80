// On a shared phone nothing stays on the screen after the session ended.
(function () {
  "use strict";
  var seconds = Number(document.currentScript.dataset.ends);
  var warning = document.getElementById("session-warning");
  var timer;
  function plan() {
    window.clearTimeout(timer);
    timer = window.setTimeout(function () { window.location.replace("/mijn"); }, seconds * 1000);
  }
  plan();
  if (warning) { warning.querySelector("button").addEventListener("click", plan); }
  // A page that the browser kept must not come back after somebody left.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { window.location.reload(); }
  });
})();
