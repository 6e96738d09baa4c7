// A place to sign: finger, pen or mouse. What was drawn goes into the form as a picture when it is sent.

const form = document.querySelector("[data-sign]");
const pad = form?.querySelector("[data-pad]");
if (pad) begin();

function begin() {
  const canvas = pad.querySelector("[data-canvas]");
  const undo = pad.querySelector("[data-undo]");
  const clear = pad.querySelector("[data-clear]");
  const strokes = []; // each a list of [x, y, width], in CSS pixels of the pad
  let stroke = null;
  pad.hidden = false;

  const context = canvas.getContext("2d");

  function size() {
    const scale = Math.min(devicePixelRatio || 1, 2);
    canvas.width = Math.round(canvas.clientWidth * scale);
    canvas.height = Math.round(canvas.clientHeight * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    draw();
  }

  function draw() {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    context.strokeStyle = context.fillStyle = "#10243e";
    context.lineCap = context.lineJoin = "round";
    for (const points of strokes) {
      if (points.length === 1) {
        context.beginPath();
        context.arc(points[0][0], points[0][1], points[0][2] / 2, 0, 2 * Math.PI);
        context.fill();
      }
      for (let i = 1; i < points.length; i += 1) {
        context.lineWidth = points[i][2];
        context.beginPath();
        context.moveTo(points[i - 1][0], points[i - 1][1]);
        context.lineTo(points[i][0], points[i][1]);
        context.stroke();
      }
    }
    undo.disabled = clear.disabled = !strokes.length;
  }

  function add(event) {
    const box = canvas.getBoundingClientRect();
    const width = event.pointerType === "pen" && event.pressure ? 1.5 + 3 * event.pressure : 3;
    stroke.push([event.clientX - box.left, event.clientY - box.top, width]);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (stroke || event.button !== 0) return; // a second finger or a palm draws nothing
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    stroke = [];
    stroke.pointer = event.pointerId;
    strokes.push(stroke);
    add(event);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (stroke?.pointer !== event.pointerId) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const each of between.length ? between : [event]) add(each);
    draw();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(kind, (event) => {
      if (stroke?.pointer === event.pointerId) stroke = null;
    });
  }
  undo.addEventListener("click", () => {
    strokes.pop();
    draw();
    if (undo.disabled) form.querySelector("#typed-name").focus();
  });
  clear.addEventListener("click", () => {
    strokes.length = 0;
    draw();
    form.querySelector("#typed-name").focus();
  });
  form.addEventListener("submit", () => {
    form.querySelector("[data-drawn]").value = strokes.length ? canvas.toDataURL("image/png") : "";
  });
  new ResizeObserver(size).observe(canvas);
}
