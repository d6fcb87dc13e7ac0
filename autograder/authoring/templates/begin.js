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

  // What a browser has no room for, JupyterLab tells in a window without a word; where a browser keeps nothing, no lesson opens.
  // JupyterLab's Download saves first, and so fails as well: this one takes what stands in the page.
  const lost = document.createElement("div");
  lost.setAttribute("role", "alert");
  lost.style.cssText =
    "position: fixed; inset: auto 0 0; z-index: 20000; padding: 12px 16px; background: #b0211a; color: #fff; font: 16px/1.5 system-ui, sans-serif";
  const download = document.createElement("button");
  download.textContent = "Download";
  download.style.cssText = "font: inherit; margin-left: 12px; padding: 4px 12px";
  download.addEventListener("click", () => {
    const link = document.createElement("a");
    link.download = followed.path.split("/").pop();
    link.href = URL.createObjectURL(new Blob([JSON.stringify(followed.model.toJSON(), null, 1)]));
    link.click();
    URL.revokeObjectURL(link.href);
  });

  function tell(...what) {
    lost.replaceChildren(...what);
    document.body.append(lost);
  }

  keepsAnything().then(keeps => {
    if (!keeps) tell("This browser keeps nothing for this page, and the lessons need that: allow it to keep site data, or take another.");
  });

  let followed; // the lesson in front
  setInterval(() => {
    const context = window.jupyterapp?.shell.currentWidget?.context;
    if (context === undefined || context === followed) return;
    followed = context;
    context.saveState.connect((_, state) => {
      if (state === "failed") tell("What you type is not saved: this browser has no room for it. Download a copy before you close the page.", download);
      if (state.startsWith("completed")) lost.remove();
    });
  }, 1000);

  // In the first of two places that there is, as JupyterLite does.
  async function keepsAnything() {
    try {
      await new Promise((done, failed) => {
        const asked = indexedDB.open("attention-autograder");
        asked.onsuccess = () => done(asked.result.close());
        asked.onerror = failed;
      });
      return true;
    } catch {
      try {
        localStorage.setItem("attention-autograder", "");
        return true;
      } catch {
        return false;
      }
    }
  }

  // Over plain http there is none.
  navigator.serviceWorker?.ready.then(({ active }) => active.postMessage("keep"));
})();
