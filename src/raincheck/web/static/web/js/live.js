// Live pages: the server says when the page's topic changed, the part of the page that shows it fetches itself again
// (hx-trigger="live from:body"). A hidden tab lets its connection go, because browsers allow few per site; coming
// back it fetches once.
(() => {
  const topic = document.body.dataset.liveTopic?.trim();
  const state = document.getElementById("live-state");
  if (!topic || !state) return;

  const WORDS = { on: "Live", lost: "Reconnecting…", off: "Paused" };
  const RETRY_MS = 5000;
  let source = null;
  let missed = false;

  const show = (name) => {
    if (state.dataset.state === name && !state.hidden) return;
    state.hidden = false;
    state.dataset.state = name;
    state.firstElementChild.textContent = WORDS[name];
  };

  const refresh = () => htmx.trigger(document.body, "live");

  const open = () => {
    if (source) return;
    source = new EventSource(`${document.body.dataset.liveUrl}?topic=${encodeURIComponent(topic)}`);
    source.addEventListener("open", () => {
      show("on");
      if (missed) refresh();
      missed = false;
    });
    source.addEventListener("changed", refresh);
    source.addEventListener("error", () => {
      missed = true;
      show("lost");
      // After an answer that is no stream (signed out, not allowed, server away) browsers give up: try again later.
      if (source.readyState === EventSource.CLOSED) {
        close();
        setTimeout(() => { if (!document.hidden) open(); }, RETRY_MS);
      }
    });
  };

  const close = () => {
    source?.close();
    source = null;
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      missed = true;
      close();
      show("off");
    } else {
      open();
    }
  });
  window.addEventListener("pagehide", close);
  open();
})();
