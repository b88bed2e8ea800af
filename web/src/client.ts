// The worker as promises. A worker that does not stop within a moment is in the middle of a long run of the graph: it
// is ended, and so is one that failed in a way nobody foresaw. The next question starts a new one, which finds its model
// on this machine.
import type {BackendInfo, CaptionResult, Event, Failure, FoundPair, ModelInfo, Pair, Request} from './protocol';

const PATIENCE_MS = 1500;

export class WorkerFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

export class Stopped extends Error {}

type Asked = {resolve(value: unknown): void; reject(error: Error): void};
type Question = Request extends infer R ? (R extends {ask: number} ? Omit<R, 'ask'> : never) : never;

export class Client {
  private worker: Worker | null = null;
  private readonly open = new Map<number, Asked>();
  private next = 0;

  constructor(private readonly options: {base: string; backend: string | null; threads: number | null}, private readonly listen: (event: Event) => void) {}

  inspect = (manifest: string) => this.ask<ModelInfo>({type: 'inspect', manifest});
  load = (manifest: string) => this.ask<BackendInfo>({type: 'load', manifest});
  caption = (pair: Pair) => this.ask<CaptionResult>({type: 'caption', pair});
  pairs = (names: string[]) => this.ask<{pairs: FoundPair[]; notes: string[]}>({type: 'pairs', names});
  stored = () => this.ask<{bytes: number; keeps: boolean}>({type: 'stored'});
  clear = () => this.ask<void>({type: 'clear'});

  // What is running ends soon: with what it has so far, or with Stopped where that takes too long.
  stop(): void {
    const worker = this.worker;
    if (!worker || this.open.size === 0) return;
    worker.postMessage({type: 'stop'});
    const waiting = [...this.open.keys()];
    setTimeout(() => {
      if (this.worker === worker && waiting.some((ask) => this.open.has(ask))) this.end(new Stopped());
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
    const worker = new Worker(new URL('./worker/worker.ts', import.meta.url), {type: 'module'});
    worker.onmessage = (message: MessageEvent<Event>) => this.receive(message.data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.end(new WorkerFailure({code: 'internal', message: `The page's worker failed: ${event.message || 'it could not be loaded'}. The next try starts a new one; if that fails too, reload the page.`}));
    };
    worker.postMessage({type: 'start', ...this.options} satisfies Request);
    this.worker = worker;
    return worker;
  }

  private receive(event: Event): void {
    if (event.type !== 'answer' && event.type !== 'failure') return this.listen(event);
    const asked = this.open.get(event.ask);
    this.open.delete(event.ask);
    if (event.type === 'answer') asked?.resolve(event.value);
    else asked?.reject(new WorkerFailure(event.failure));
    // After these the heaps of runtime and core may be in no state to go on with.
    if (event.type === 'failure' && ['out_of_memory', 'internal'].includes(event.failure.code)) this.end(new WorkerFailure(event.failure));
  }

  private ask<T>(question: Question): Promise<T> {
    const ask = this.next++;
    return new Promise<T>((resolve, reject) => {
      this.open.set(ask, {resolve: resolve as (value: unknown) => void, reject});
      this.started().postMessage({...question, ask});
    });
  }

  // Whether the worker that had the model is still there.
  get alive(): boolean {
    return this.worker !== null;
  }
}
