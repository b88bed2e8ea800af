// A worker as promises: questions out, answers and failures back. A worker that fails in a way nobody foresaw, or that
// does not stop within a moment, is ended; the next question starts a new one.
import type {Failure, Progress, Reply, Start} from './protocol';

const PATIENCE_MS = 1500;

export class WorkerFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

// Somebody stopped it, or it had to go because another question of the same worker would not stop.
export class Stopped extends Error {}

interface Asked {
  resolve(value: unknown): void;
  reject(error: Error): void;
  listen?(event: Progress): void;
}
type Question<R> = R extends {ask: number} ? Omit<R, 'ask'> : never;

export interface AskOptions {
  listen?(event: Progress): void;
  transfer?: Transferable[];
  signal?: AbortSignal; // ends the question soon: with what it has so far, or with Stopped
}

export class Link<R extends {ask: number}> {
  private worker: Worker | null = null;
  private readonly open = new Map<number, Asked>();
  private next = 0;

  constructor(private readonly start: Start, private readonly create: () => Worker) {}

  protected ask<T>(question: Question<R>, {listen, transfer = [], signal}: AskOptions = {}): Promise<T> {
    if (signal?.aborted) return Promise.reject(new Stopped());
    const ask = this.next++;
    const halt = () => this.halt(ask);
    signal?.addEventListener('abort', halt);
    return new Promise<T>((resolve, reject) => {
      this.open.set(ask, {resolve: resolve as (value: unknown) => void, reject, listen});
      this.started().postMessage({...question, ask}, transfer);
    }).finally(() => signal?.removeEventListener('abort', halt));
  }

  protected get hasWorker(): boolean {
    return this.worker !== null;
  }
  // The worker that there is, to be told from one that comes in its place.
  protected get present(): object | null {
    return this.worker;
  }

  private halt(ask: number): void {
    const {worker} = this;
    worker?.postMessage({type: 'stop', ask});
    setTimeout(() => {
      if (worker && this.worker === worker && this.open.has(ask)) this.end(new Stopped());
    }, PATIENCE_MS);
  }

  private end(reason: Error): void {
    this.worker?.terminate();
    this.worker = null;
    const open = [...this.open.values()];
    this.open.clear();
    for (const asked of open) asked.reject(reason);
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = this.create();
    worker.onmessage = (message: MessageEvent<Reply>) => this.receive(message.data);
    worker.onerror = (event) => {
      event.preventDefault();
      const reason = event.message || (navigator.onLine ? 'it could not be loaded' : 'it could not be loaded, and there is no network');
      this.end(new WorkerFailure({code: 'internal', message: `The page's worker failed: ${reason}. The next try starts a new one; if that fails too, reload the page.`}));
    };
    worker.postMessage(this.start);
    this.worker = worker;
    return worker;
  }

  private receive(event: Reply): void {
    const asked = this.open.get(event.ask);
    if (event.type !== 'answer' && event.type !== 'failure') return asked?.listen?.(event);
    this.open.delete(event.ask);
    if (event.type === 'answer') return asked?.resolve(event.value);
    const {failure} = event;
    asked?.reject(failure.code === 'stopped' ? new Stopped() : new WorkerFailure(failure));
    // After these the heaps of runtime and core may be in no state to go on with.
    if (failure.code === 'out_of_memory' || failure.code === 'internal' || failure.isLast) this.end(new WorkerFailure(failure));
  }
}
