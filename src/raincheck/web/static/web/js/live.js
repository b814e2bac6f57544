// Live pages: the server says when the page's topic changed, the part of the page that shows it fetches itself again
// (hx-trigger="live from:body"). A hidden tab lets its connection go, because browsers allow few per site; coming
// back it fetches once.
(() => {
  const topic = document.body.dataset.liveTopic?.trim();
  const state = document.getElementById("live-state");
  if (!topic || !state) return;

  const WORDS = { on: "Live", lost: "Reconnecting…", off: "Paused" };
  const RETRY_MS = 5000;
  const LEAST_REST_MS = 1000;
  const MOST_REST_MS = 30000;
  let source = null;
  let missed = false;

  const show = (name) => {
    if (state.dataset.state === name && !state.hidden) return;
    state.hidden = false;
    state.dataset.state = name;
    state.firstElementChild.textContent = WORDS[name];
  };

  // However often things change, the page asks again at most once a second, and never while an answer is on its way
  // or for three times as long as the last one took: a busy day must not be made busier by those who watch it.
  let asked = 0;
  let restUntil = 0;
  let isWaiting = false;

  const refresh = () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      asked = Date.now();
      restUntil = Infinity;
      htmx.trigger(document.body, "live");
    }, Math.max(0, Math.min(restUntil - Date.now(), MOST_REST_MS)));
  };

  document.body.addEventListener("htmx:afterRequest", () => {
    if (restUntil === Infinity) restUntil = Date.now() + Math.max(LEAST_REST_MS, 3 * (Date.now() - asked));
  });

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
