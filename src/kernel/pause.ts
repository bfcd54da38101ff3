/** Stops this thread for so many milliseconds; for the short waits of synchronous code. */
export const pause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
