// The line to the house: a socket that comes back by itself, and polling every 30 s while it is down.
const POLL_MS = 30000, FIRST_MS = 1000, SILENT_MS = 15000;
export async function asked(method, path, body) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const answer = await fetch(path, { method, credentials: "same-origin", cache: "no-store", ...sent });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(told.error?.said ?? answer.statusText), { status: answer.status, code: told.error?.code });
  return told;
}
// `heard` gets each message, `poll` is called while there is no socket, `changed` with live, polling or lost, `out` when nobody is signed in.
export class Line {
  constructor({ heard, poll, changed, out }) { Object.assign(this, { heard, poll, changed, out, again: FIRST_MS, timers: [], ended: false }); }
  begin() {
    this.ended = false;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/ws`);
    this.socket.onmessage = (event) => {
      this.again = FIRST_MS;
      this.quiet();
      this.changed("live");
      clearTimeout(this.silence);
      this.silence = setTimeout(() => this.socket.close(), SILENT_MS); // a line that died says nothing
      this.heard(JSON.parse(event.data));
    };
    this.socket.onclose = () => this.lost();
  }
  async lost() {
    clearTimeout(this.silence);
    if (this.ended) return;
    this.quiet();
    this.changed("lost");
    const wait = this.again;
    this.again = Math.min(this.again * 2, POLL_MS);
    this.timers.push(setTimeout(() => this.begin(), wait), setInterval(() => this.look(), POLL_MS));
    await this.look();
  }
  async look() {
    try { await this.poll(); if (!this.ended && this.socket.readyState !== WebSocket.OPEN) this.changed("polling"); } catch (error) {
      if (error.status === 401) { this.end(); this.out(); } else this.changed("lost");
    }
  }
  quiet() { for (const each of this.timers) { clearTimeout(each); clearInterval(each); } this.timers = []; }
  end() { this.ended = true; this.quiet(); clearTimeout(this.silence); this.socket?.close(); }
}
