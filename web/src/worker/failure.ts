// Errors with a code that records know, and other errors put into words.
import type {Failure} from '../protocol';

export class CodedError extends Error {
  // isLast: the worker cannot go on from here.
  constructor(readonly code: Failure['code'], message: string, readonly side?: Failure['side'], readonly isLast = false) {
    super(message);
  }
}

// Thrown where a person has stopped what is going on.
export class Halted extends CodedError {
  constructor() {
    super('stopped', 'Stopped.');
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof CodedError) return {code: error.code, message: error.message, side: error.side, isLast: error.isLast};
  const {name, message} = error instanceof Error ? error : {name: 'Error', message: String(error)};
  const short = /out of memory|memory access out of bounds|bad_alloc|allocation failed|Array buffer allocation|OutOfMemory|too little memory|failed to allocate|Aborted\(OOM\)|cannot enlarge memory/i;
  if (name === 'OutOfMemoryError' || name === 'RangeError' || short.test(message)) {
    return {code: 'out_of_memory', message: `This browser tab has too little memory for it. Close other tabs, or choose a smaller model. (${message})`};
  }
  if (name === 'InputError' || name === 'UsageError') return {code: 'input', message};
  return {code: 'internal', message};
}

// Why an address of this page's own host gave nothing.
export function unreachable(what: string): CodedError {
  const reason = navigator.onLine ? 'The server does not answer: check the connection and try again.' : 'There is no network. Connect and try again.';
  return new CodedError('network', `${what} could not be fetched. ${reason}`);
}
