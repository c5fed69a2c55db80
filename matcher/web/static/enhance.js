// Enhancements only: every page works without this file.
(function () {
  "use strict";
  document.documentElement.classList.add("has-script");

  // A form that takes longer than a second says that it is busy. The once-only token keeps a
  // second press from doing the work twice; this only tells people that the first one counted.
  document.addEventListener("submit", function (event) {
    var button = event.submitter || event.target.querySelector("button[type=submit]");
    if (!button || !button.dataset.busy) { return; }
    window.setTimeout(function () {
      button.setAttribute("aria-busy", "true");
      button.textContent = button.dataset.busy;
    }, 1000);
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-print],[data-copy]");
    if (!button) { return; }
    if (button.hasAttribute("data-print")) {
      window.print();
      return;
    }
    var source = document.getElementById(button.dataset.copy);
    var text = "value" in source ? source.value : source.innerText;
    navigator.clipboard.writeText(text).then(function () {
      button.textContent = button.dataset.copied;
    }, function () {
      if (source.select) { source.select(); }
    });
  });

  // Filters apply at once; their button is there for when scripts are off.
  document.querySelectorAll("form[data-at-once] select").forEach(function (select) {
    select.addEventListener("change", function () { select.form.requestSubmit(); });
  });

  // Warn before the session ends, and let one press extend it.
  var warning = document.getElementById("session-warning");
  if (warning) {
    var wait = Number(warning.dataset.after) * 1000;
    var plan = function () { window.setTimeout(function () { warning.hidden = false; }, wait); };
    plan();
    warning.querySelector("button").addEventListener("click", function () {
      fetch(warning.dataset.extend, { credentials: "same-origin", redirect: "manual" })
        .then(function (answer) {
          if (answer.ok) { warning.hidden = true; plan(); } else { window.location.reload(); }
        });
    });
  }
})();
