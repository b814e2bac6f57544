// Live pages: the server says which topics changed, the parts of the page that show them fetch themselves again.
// A part listens with hx-trigger="live:TOPIC from:body". A hidden tab lets its connection go, because browsers allow
// few per site; coming back it fetches everything once.
(() => {
  const topics = document.body.dataset.liveTopics?.trim();
  const state = document.getElementById("live-state");
  if (!topics || !state) return;

  const WORDS = { on: "Live", lost: "Reconnecting…", off: "Paused" };
  const names = topics.split(/\s+/);
  let source = null;
  let missed = false;

  const show = (name) => {
    if (state.dataset.state === name && !state.hidden) return;
    state.hidden = false;
    state.dataset.state = name;
    state.firstElementChild.textContent = WORDS[name];
  };

  const refresh = (changed) => {
    for (const name of changed) htmx.trigger(document.body, `live:${name}`);
  };

  const open = () => {
    if (source) return;
    source = new EventSource(`${document.body.dataset.liveUrl}?topics=${encodeURIComponent(names.join(","))}`);
    source.addEventListener("open", () => {
      show("on");
      if (missed) refresh(names);
      missed = false;
    });
    source.addEventListener("changed", (event) => {
      const changed = JSON.parse(event.data).topics.filter((name) => names.includes(name));
      refresh(changed);
    });
    source.addEventListener("error", () => {
      missed = true;
      show("lost");
      // After an answer that is no stream (signed out, not allowed, server away) browsers give up: try again later.
      if (source.readyState === EventSource.CLOSED) {
        close();
        setTimeout(() => { if (!document.hidden) open(); }, 5000);
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
