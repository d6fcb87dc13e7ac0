// Keeps the site in the browser, so that its lessons open without a network, and shows what is new on the server at once. JupyterLite's
// own keeps only what it happens to see, and shows what is new at the second visit.
//
// `kept.json` lists the files of the site, each with a digest of its content. It is asked for at each visit; a file is kept by its name
// and digest, and so is fetched once for as long as it does not change.
"use strict";

const LIST = new URL("kept.json", registration.scope).href;
const PATIENCE = 5000; // milliseconds for the list, from a network that is there and carries nothing
const channel = new BroadcastChannel("/api/drive.v1"); // between the kernel's files and the page
let listed; // a promise of what kept.json holds

addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("message", event => {
  if (event.data === "keep") event.waitUntil(keepAll());
});
addEventListener("fetch", event => {
  const { method, mode, url } = event.request;
  if (url.startsWith(location.origin) && new URL(url).pathname.includes("/api/drive")) {
    event.respondWith(fromPage(event.request));
  } else if (method === "GET" && url.startsWith(registration.scope)) {
    if (mode === "navigate") listed = undefined;
    event.respondWith(answer(event.request));
  }
});

const cache = () => caches.open(`attention-autograder ${registration.scope}`);

async function list() {
  listed ??= (async () => {
    const store = await cache();
    try {
      const got = await fetch(LIST, { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
      if (!got.ok) throw new Error(got.statusText);
      await store.put(LIST, got.clone());
      return await got.json();
    } catch {
      return (await store.match(LIST))?.json() ?? {};
    }
  })();
  return listed;
}

// As a file is named in the list.
function named(url) {
  const name = decodeURIComponent(new URL(url).pathname).slice(decodeURIComponent(new URL(registration.scope).pathname).length);
  return name === "" || name.endsWith("/") ? `${name}index.html` : name;
}

const address = (name, digest) => new URL(`${encodeURI(name)}?${digest}`, registration.scope).href;

async function answer(request) {
  const name = named(request.url);
  const digest = (await list())[name];
  return digest === undefined ? fetch(request) : fetched(name, digest);
}

async function fetched(name, digest) {
  const store = await cache();
  const place = address(name, digest);
  const kept = await store.match(place);
  if (kept !== undefined) return kept;
  // A browser may hold an older one of its own accord; asked this way it asks the server whether that is still so.
  const got = await fetch(new URL(encodeURI(name), registration.scope), { cache: "no-cache" });
  if (got.ok) await store.put(place, got.clone());
  return got;
}

async function keepAll() {
  const files = Object.entries(await list());
  for (const [name, digest] of files) await fetched(name, digest);
  const wanted = new Set([LIST, ...files.map(([name, digest]) => address(name, digest))]);
  const store = await cache();
  for (const { url } of await store.keys()) if (!wanted.has(url)) await store.delete(url);
}

async function fromPage(request) {
  const asked = await request.json();
  const answered = new Promise(done => {
    channel.onmessage = ({ data }) => done(new Response(JSON.stringify(data)));
  });
  channel.postMessage({ ...asked, receiver: "broadcast.ts" });
  return answered;
}
