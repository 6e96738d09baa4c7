// "This screen covers itself in 1:59": not in the way, said to screen readers at a few moments only.

const box = document.getElementById("vig-countdown");
const SAID_AT = [120, 60, 30, 10];
let said = Infinity;

const part = (name) => box.querySelector(`[data-${name}]`);

/** Show what is left, in milliseconds; `forGood` when the sign-in ends then and nothing can be extended. */
export function showCountdown(left, forGood) {
  const seconds = Math.ceil(left / 1000);
  box.hidden = false;
  part("countdown-what").textContent = forGood
    ? "This sign-in ends; what you typed stays here. You sign in again in"
    : "This screen covers itself in";
  part("stay").hidden = forGood;
  part("countdown").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const due = SAID_AT.find((mark) => seconds <= mark && mark < said && seconds > mark - 10);
  if (!due) return;
  said = due;
  part("countdown-said").textContent = forGood
    ? `This sign-in ends in ${seconds} seconds. What you typed stays here.`
    : `This screen covers itself in ${seconds} seconds. Press any key to stay.`;
}

/** Nothing to say, or covered. */
export function hideCountdown() {
  if (!box) return;
  box.hidden = true;
  said = Infinity;
}

/** `act()` when the person presses "Stay". */
export function onStay(act) {
  part("stay").addEventListener("click", () => {
    hideCountdown();
    act();
  });
}
