// Runs in a lesson's page when its settings are known and before JupyterLab, which it then begins.
"use strict";

(() => {
  const settings = document.getElementById("jupyter-config-data");
  if (matchMedia("(prefers-color-scheme: dark)").matches) {
    const known = JSON.parse(settings.textContent);
    // Who chooses a theme in the menu has that one.
    known.settingsOverrides["@jupyterlab/apputils-extension:themes"] = { theme: "JupyterLab Dark" };
    settings.textContent = JSON.stringify(known);
  }

  const application = document.createElement("script");
  application.src = document.getElementById("jupyter-lite-main").dataset.then;
  document.head.append(application);

  // A phone may end a page that is out of sight, without a word. What was not changed here is not written over what was changed
  // in another tab.
  document.addEventListener("visibilitychange", () => {
    const open = window.jupyterapp?.shell.currentWidget?.context;
    if (document.visibilityState === "hidden" && open?.model.dirty) open.save();
  });

  // Over plain http there is none.
  navigator.serviceWorker?.ready.then(({ active }) => active.postMessage("keep"));
})();
