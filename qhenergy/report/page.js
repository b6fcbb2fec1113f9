"use strict";
(function () {
  var SEPARATOR = "\ue000";
  var root = document.documentElement;
  var charts = Array.prototype.slice.call(document.querySelectorAll("figure.chart")).map(function (box) {
    return { box: box, plot: box.querySelector(".plot"), figure: JSON.parse(box.querySelector("script").textContent), hidden: {} };
  });

  // One side of every text; arrays of numbers are packed and pass through untouched.
  function spoken(part, side) {
    if (typeof part === "string") {
      var at = part.indexOf(SEPARATOR);
      return at < 0 ? part : side ? part.slice(at + 1) : part.slice(0, at);
    }
    if (Array.isArray(part)) return part.map(function (p) { return spoken(p, side); });
    if (part && typeof part === "object") {
      var made = {};
      Object.keys(part).forEach(function (key) { made[key] = key === "bdata" ? part[key] : spoken(part[key], side); });
      return made;
    }
    return part;
  }

  function draw(chart) {
    var figure = spoken(chart.figure, root.dataset.language === "zh" ? 1 : 0);
    var narrow = window.innerWidth < 720;
    figure.data.forEach(function (trace) { if (chart.hidden[trace.legendgroup]) trace.visible = false; });
    if (narrow) {
      // A finger that scrolls the page must not zoom a chart.
      figure.layout.dragmode = false;
      figure.layout.font.size = 11;
      figure.layout.margin.t = 6;
    }
    chart.plot.setAttribute("aria-label", chart.plot.getAttribute("data-label-" + root.dataset.language));
    return Plotly.react(chart.plot, figure.data, figure.layout, {
      responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", displayModeBar: narrow ? false : "hover",
      modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"]
    });
  }

  function speak(language) {
    root.dataset.language = language;
    root.lang = language === "zh" ? "zh-CN" : "en";
    document.title = root.getAttribute("data-title-" + language);
    document.querySelectorAll(".languages button").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.value === language));
    });
    charts.forEach(draw);
  }

  document.querySelectorAll(".languages button").forEach(function (button) {
    button.addEventListener("click", function () { speak(button.value); });
  });
  charts.forEach(function (chart) {
    chart.box.querySelectorAll(".legend button").forEach(function (button) {
      button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", function () {
        var series = button.getAttribute("data-series");
        chart.hidden[series] = !chart.hidden[series];
        button.setAttribute("aria-pressed", String(!chart.hidden[series]));
        draw(chart);
      });
    });
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.quote").forEach(function (d) { d.open = true; });
    document.body.style.width = "700px";
    charts.forEach(function (chart) { Plotly.Plots.resize(chart.plot); });
  });
  window.addEventListener("afterprint", function () {
    document.body.style.width = "";
    charts.forEach(function (chart) { Plotly.Plots.resize(chart.plot); });
  });
  speak(root.dataset.language);
})();
