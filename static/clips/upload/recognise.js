// By what a film is known again after a reload, when nothing about it may be kept in the browser.
//
// 64 hexadecimal digits, kept by the server beside the upload's length (Upload.samples):
//   digits 1-48   the beginning of the SHA-256 over the length (8 bytes, big-endian) and 16 samples of 64 KiB, the
//                 first at the beginning, the last at the end, the others evenly between; a film of up to 1 MiB whole
//   digits 49-64  the beginning of the SHA-256 over the moment of filming as the film itself states it: Apple's
//                 creation date ("2026-11-05T10:00:00+0000"), else the seconds in mvhd; zeros when it states none
// The same film: equal length and equal first part. An iPhone that made a new copy for this choice: equal last part.

import { Sha256, hex } from "./sha256.js";

const SAMPLES = 16;
const SAMPLE = 64 * 1024;
const NO_MOMENT = "0".repeat(16);

const bytesOf = async (file, from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer());

/** @param {Blob} file @returns {Promise<string>} the 64 digits */
export async function recognise(file) {
  const hash = new Sha256();
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(file.size));
  hash.update(new Uint8Array(length.buffer));
  if (file.size <= SAMPLES * SAMPLE) hash.update(await bytesOf(file, 0, file.size));
  else {
    for (let number = 0; number < SAMPLES; number += 1) {
      const from = Math.floor((number * (file.size - SAMPLE)) / (SAMPLES - 1));
      hash.update(await bytesOf(file, from, from + SAMPLE));
    }
  }
  return hex(hash.digest()).slice(0, 48) + (await momentOf(file));
}

/** Whether the digits of a file and those kept for an upload are of one film, given equal lengths. */
export const sameFilm = (one, other) => one.slice(0, 48) === other.slice(0, 48);

/** Whether two different files say that they were filmed at the same moment. */
export const sameMoment = (one, other) => one.slice(48) === other.slice(48) && one.slice(48) !== NO_MOMENT;

async function momentOf(file) {
  const stated = await statedMoment(file);
  return stated ? hex(new Sha256().update(new TextEncoder().encode(stated)).digest()).slice(0, 16) : NO_MOMENT;
}

/** What an MP4 or MOV says of when it was filmed; empty for others. */
async function statedMoment(file) {
  let at = 0;
  for (let boxes = 0; boxes < 100 && at + 16 <= file.size; boxes += 1) {
    const head = await bytesOf(file, at, at + 16);
    const view = new DataView(head.buffer);
    const kind = String.fromCharCode(...head.subarray(4, 8));
    let size = view.getUint32(0);
    if (size === 1) size = Number(view.getBigUint64(8));
    else if (size === 0) size = file.size - at;
    if (size < 8 || !/^[\x20-\x7e]{4}$/.test(kind)) return "";
    if (kind === "moov") return momentInMoov(file, at, Math.min(at + size, file.size));
    at += size;
  }
  return "";
}

async function momentInMoov(file, from, to) {
  // Apple's keys stand at the end of moov, after the long tables; mvhd at its beginning.
  const tail = new TextDecoder("latin1").decode(await bytesOf(file, Math.max(from, to - 256 * 1024), to));
  const apple = tail.match(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}/);
  if (apple) return apple[0];
  const head = await bytesOf(file, from, Math.min(from + 4096, to));
  const place = new TextDecoder("latin1").decode(head).indexOf("mvhd");
  if (place < 0 || place + 20 > head.length) return "";
  const view = new DataView(head.buffer, place + 4);
  const seconds = view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
  return seconds ? String(seconds) : "";
}
