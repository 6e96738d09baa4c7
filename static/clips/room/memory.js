// The moments, whole, in memory and nowhere else: they play on when the line is lost and are gone when the room is left.
import { Refused, wholeFile } from "./api.js";

const held = new Map(); // ref -> {film, picture}: addresses of blobs
const coming = new Map(); // ref -> promise
const far = new Map(); // ref -> 0…1

const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

let round = 0; // what was begun before everything was released must not be kept

async function patiently(get, began) {
  for (let pause = 500; began === round; pause = Math.min(pause * 2, 8000)) {
    try {
      return await get();
    } catch (error) {
      if (error instanceof Refused) throw error;
      await wait(pause);
    }
  }
  throw new Refused(403, {});
}

/** Fetch a moment's picture and film, for as long as it takes. Throws Refused when it may not be shown. */
export function fetchMoment(moment, told) {
  const { ref, n } = moment;
  if (held.get(ref)?.film) return Promise.resolve(held.get(ref));
  if (coming.has(ref)) return coming.get(ref);
  const began = round;
  const work = (async () => {
    const mine = held.get(ref) || {};
    const picture = await patiently(() => wholeFile(`moment/${n}/picture`), began);
    if (began !== round) throw new Refused(403, {});
    mine.picture ||= URL.createObjectURL(picture);
    held.set(ref, mine);
    told(0);
    const film = await patiently(
      () =>
        wholeFile(`moment/${n}/film`, (fraction) => {
          far.set(ref, fraction);
          told(fraction);
        }),
      began,
    );
    if (began !== round) throw new Refused(403, {});
    mine.film = URL.createObjectURL(film);
    far.set(ref, 1);
    told(1);
    return mine;
  })().finally(() => coming.delete(ref));
  coming.set(ref, work);
  return work;
}

export const heldOf = (ref) => held.get(ref) || {};

/** How much of these moments is here, 0…1. */
export const share = (moments) => moments.reduce((sum, each) => sum + (far.get(each.ref) || 0), 0) / (moments.length || 1);

/** Let go of one moment: it may not be shown any more. */
export function release(ref) {
  const mine = held.get(ref);
  if (mine?.film) URL.revokeObjectURL(mine.film);
  if (mine?.picture) URL.revokeObjectURL(mine.picture);
  held.delete(ref);
  far.delete(ref);
}

/** Let go of everything. */
export function releaseAll() {
  round += 1;
  for (const ref of [...held.keys()]) release(ref);
  coming.clear();
}
