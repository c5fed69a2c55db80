// Keys for lists of people: j and k go down and up, Enter opens. All of it works without.
(function () {
  "use strict";
  var list = document.querySelector("[data-keys]");
  if (!list) { return; }
  var links = Array.prototype.slice.call(list.querySelectorAll("tbody th a, .who a, .who-ticks input"));
  var typing = function (target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox";
  };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    var step = { j: 1, k: -1 }[event.key];
    if (!step || !links.length) { return; }
    var at = links.indexOf(document.activeElement);
    var next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    if (next < 0 || next >= links.length) { return; }
    event.preventDefault();
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
  });
}());
