// Errors with a code that records know, and other errors put into words.
import type {Failure} from '../protocol';

export class CodedError extends Error {
  constructor(readonly code: Failure['code'], message: string) {
    super(message);
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof CodedError) return {code: error.code, message: error.message};
  const {name, message} = error instanceof Error ? error : {name: 'Error', message: String(error)};
  const short = /out of memory|memory access out of bounds|bad_alloc|allocation failed|Array buffer allocation|OutOfMemory|too little memory|failed to allocate|Aborted\(OOM\)|cannot enlarge memory/i;
  if (name === 'OutOfMemoryError' || name === 'RangeError' || short.test(message)) {
    return {code: 'out_of_memory', message: `This browser tab has too little memory for it. Close other tabs, or choose a smaller model. (${message})`};
  }
  return {code: 'internal', message};
}
