// Better with scripts, whole without: drafts kept while typing, order of wishes, live what-if.
(function () {
  "use strict";

  // --- A draft is kept a moment after the last change, so that nothing typed is lost. -----------
  document.querySelectorAll("form[data-keep]").forEach(function (form) {
    var note = form.querySelector("[data-kept]");
    var timer = null;
    var busy = false;
    var again = false;

    function keep() {
      if (busy) { again = true; return; }
      busy = true;
      var body = new FormData(form);
      body.set("draft", form.dataset.draft || "");
      fetch(form.dataset.keep, { method: "POST", body: body, credentials: "same-origin", redirect: "error" })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(function (kept) {
          if (kept) {
            form.dataset.draft = kept.draft;
            form.action = kept.address;
            if (note) { note.hidden = false; }
          }
        })
        .catch(function () { if (note) { note.hidden = true; } })
        .finally(function () {
          busy = false;
          if (again) { again = false; keep(); }
        });
    }

    form.addEventListener("input", function () {
      if (note) { note.hidden = true; }
      window.clearTimeout(timer);
      timer = window.setTimeout(keep, 1200);
    });
    form.addEventListener("submit", function () { window.clearTimeout(timer); });
  });

  // --- Wishes count in the order of tapping; each tile shows its place. ------------------------
  document.querySelectorAll("input[name=wanted_order]").forEach(function (order) {
    var boxes = Array.from(order.form.querySelectorAll("input[name=wanted]"));
    var chosen = order.value ? order.value.split("|") : [];

    function show() {
      boxes.forEach(function (box) {
        var tile = box.nextElementSibling;
        var mark = tile.querySelector(".order");
        var place = chosen.indexOf(box.value);
        if (place < 0 || box.value === "unknown") { if (mark) { mark.remove(); } return; }
        if (!mark) {
          mark = document.createElement("b");
          mark.className = "order";
          mark.setAttribute("aria-hidden", "true");
          tile.appendChild(mark);
        }
        mark.textContent = String(place + 1);
      });
      order.value = chosen.join("|");
    }

    boxes.forEach(function (box) {
      if (box.checked && chosen.indexOf(box.value) < 0) { chosen.push(box.value); }
      box.addEventListener("change", function () {
        chosen = chosen.filter(function (value) { return value !== box.value; });
        if (box.checked) {
          boxes.forEach(function (other) {
            if (other !== box && (box.value === "unknown" || other.value === "unknown") && other.checked) {
              other.checked = false;
              chosen = chosen.filter(function (value) { return value !== other.value; });
            }
          });
          chosen.push(box.value);
        }
        show();
      });
    });
    chosen = chosen.filter(function (value) {
      return boxes.some(function (box) { return box.checked && box.value === value; });
    });
    show();
  });

  // --- “Nothing” and “rather not say” stand alone. ---------------------------------------------
  var obstacles = Array.from(document.querySelectorAll("input[name=obstacles]"));
  obstacles.forEach(function (box) {
    box.addEventListener("change", function () {
      if (!box.checked) { return; }
      var alone = box.value === "nothing" || box.value === "say_nothing";
      obstacles.forEach(function (other) {
        if (other !== box && (alone || other.value === "nothing" || other.value === "say_nothing")) {
          other.checked = false;
        }
      });
    });
  });

  // --- A changed week is “adjust”. -------------------------------------------------------------
  document.querySelectorAll("details[data-grid]").forEach(function (fold) {
    var custom = document.querySelector("input[name=windows][value=custom]");
    document.querySelectorAll("input[name=windows]").forEach(function (preset) {
      preset.addEventListener("change", function () { fold.open = custom.checked; });
    });
    fold.addEventListener("change", function () { custom.checked = true; });
  });

  // --- What-if answers at once; the address keeps up, so that back and a bookmark work. --------
  document.querySelectorAll("form[data-live]").forEach(function (form) {
    var place = document.getElementById(form.dataset.live);
    var latest = 0;

    function address() {
      var asked = new URLSearchParams(new FormData(form));
      ["version", "once", "csrf_token"].forEach(function (name) { asked.delete(name); });
      return form.getAttribute("action") + "?" + asked.toString();
    }

    form.querySelectorAll("button[type=submit]").forEach(function (button) {
      button.classList.add("visually-hidden");
    });
    form.addEventListener("change", function () {
      latest += 1;
      var mine = latest;
      var shown = address();
      place.setAttribute("aria-busy", "true");
      fetch(shown + "&deel=uitkomst", { credentials: "same-origin", redirect: "error" })
        .then(function (answer) { return answer.ok ? answer.text() : Promise.reject(new Error()); })
        .then(function (text) {
          if (mine !== latest) { return; }
          place.innerHTML = text;
          var bar = document.querySelector("[data-live-bar]");
          var link = document.createElement("a");
          link.href = "#" + place.id;
          link.textContent = place.querySelector("h1").textContent;
          bar.replaceChildren(link);
          place.removeAttribute("aria-busy");
          window.history.replaceState(null, "", shown);
        })
        .catch(function () { if (mine === latest) { window.location.assign(shown); } });
    });
  });
})();
