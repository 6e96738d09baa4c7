// Zoom and pan into the picture: by wheel, two fingers, keys or buttons. The film itself is not touched.

const MOST = 8;

export class Picture extends EventTarget {
  #pointers = new Map();
  #pinch = null;
  #moved = false;

  /** @param frame the box that is seen  @param stage what is moved inside it */
  constructor(frame, stage) {
    super();
    this.frame = frame;
    this.stage = stage;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    frame.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.#down(event));
    frame.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) frame.addEventListener(name, (event) => this.#up(event));
    this.resized = new ResizeObserver(() => this.#apply());
    this.resized.observe(frame);
  }

  destroy() {
    this.resized.disconnect();
  }

  get zoomed() {
    return this.scale > 1;
  }

  whole() {
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.#apply();
  }

  /** Larger (factor > 1) or smaller, around a point of the frame (its middle by default). */
  zoom(factor, at = null) {
    const box = this.frame.getBoundingClientRect();
    const [px, py] = at ?? [box.width / 2, box.height / 2];
    const scale = Math.min(MOST, Math.max(1, this.scale * factor));
    const part = scale / this.scale;
    this.x = px - (px - this.x) * part;
    this.y = py - (py - this.y) * part;
    this.scale = scale;
    this.#apply();
  }

  /** Move the part that is seen, in tenths of the frame. */
  pan(across, down) {
    const box = this.frame.getBoundingClientRect();
    this.x -= (across * box.width) / 10;
    this.y -= (down * box.height) / 10;
    this.#apply();
  }

  #apply() {
    const box = this.frame.getBoundingClientRect();
    this.x = Math.min(0, Math.max(box.width * (1 - this.scale), this.x));
    this.y = Math.min(0, Math.max(box.height * (1 - this.scale), this.y));
    this.stage.style.transform = this.zoomed ? `translate(${this.x}px, ${this.y}px) scale(${this.scale})` : "";
    this.frame.classList.toggle("ws-picture--zoomed", this.zoomed);
    this.dispatchEvent(new CustomEvent("changed"));
  }

  #point(event) {
    const box = this.frame.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #wheel(event) {
    if (event.target.closest("button, a, .ws-banner")) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), this.#point(event));
  }

  #down(event) {
    if (event.button > 0 || event.target.closest("button, a, select, .ws-banner")) return;
    this.#pointers.set(event.pointerId, this.#point(event));
    this.#moved = false;
    this.frame.setPointerCapture(event.pointerId);
    if (this.#pointers.size === 2) this.#pinch = this.#spread();
  }

  #spread() {
    const [[ax, ay], [bx, by]] = [...this.#pointers.values()];
    return { distance: Math.hypot(ax - bx, ay - by), middle: [(ax + bx) / 2, (ay + by) / 2] };
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#point(event);
    this.#pointers.set(event.pointerId, now);
    if (Math.hypot(now[0] - before[0], now[1] - before[1]) > 2) this.#moved = true;
    if (this.#pointers.size === 2) {
      const spread = this.#spread();
      this.x += spread.middle[0] - this.#pinch.middle[0];
      this.y += spread.middle[1] - this.#pinch.middle[1];
      this.zoom(spread.distance / Math.max(1, this.#pinch.distance), spread.middle);
      this.#pinch = spread;
      this.#moved = true;
    } else if (this.zoomed) {
      this.x += now[0] - before[0];
      this.y += now[1] - before[1];
      this.#apply();
    }
  }

  #up(event) {
    if (!this.#pointers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && !this.#moved && !this.#pointers.size) {
      this.dispatchEvent(new CustomEvent("tapped"));
    }
    if (this.#pointers.size < 2) this.#pinch = null;
  }
}
