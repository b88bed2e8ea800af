// One pair from pixels to caption, stage by stage, with room between the steps for a message that says stop.
import type {CaptionAsk, CaptionResult, Stage, Timings} from '../protocol';
import type {Seen} from './core';
import {Halted} from './failure';
import {NOT_ALIGNED} from './ground';
import type {Model} from './model';
import {outlinesOf} from './outlines';
import type {Cache} from './runtime';

export interface CaptionEvents {
  stage(stage: Stage): void;
  text(text: string): void;
  stopped(): boolean;
}

const EMPTY_RANGE = 1e-6; // as the command's heat maps (core/captioner/heatmap.h)

// A map that is the same everywhere, up to rounding, would be drawn as noise.
function saysSomething(values: Float32Array): boolean {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value)) return false;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least > EMPTY_RANGE;
}

// Lets messages in. setTimeout would wait at least 4 ms each time.
const LISTENS_EVERY_MS = 25; // between steps that take less: a message to itself costs a worker as much as a small one
let listened = -Infinity;
const channel = new MessageChannel();
let resume: (() => void) | null = null;
channel.port1.onmessage = () => resume?.();
function breathe(): Promise<void> {
  listened = performance.now();
  return new Promise((done) => {
    resume = done;
    channel.port2.postMessage(null);
  });
}

async function breatheOften(): Promise<void> {
  if (performance.now() - listened >= LISTENS_EVERY_MS) await breathe();
}

// What the language model made of the prompt, or of a step behind it.
interface Read {
  logits: Float32Array;
  cache: Cache;
}

// The time from one call to the next.
class Laps {
  private last = performance.now();
  lap(): number {
    const now = performance.now();
    const passed = now - this.last;
    this.last = now;
    return passed;
  }
}

// The probability of change: sentences that say there is none, behind the prompt.
async function score({session, graphs, readRow}: Model, prompt: Read): Promise<void> {
  const inputs = session.noChangeInputs(readRow);
  if (!inputs.positions.length) return;
  const scored = await graphs.decode(inputs, prompt.cache);
  try {
    session.scoreNoChange(prompt.logits, scored.logits);
  } finally {
    scored.cache.dispose();
  }
}

// The caption, a token at a time. The prompt's cache stays as it is.
async function write({session, graphs, readRow}: Model, prompt: Read, events: CaptionEvents): Promise<{tokens: number; stopped: boolean}> {
  let {logits, cache} = prompt;
  try {
    for (let tokens = 1; ; ++tokens) {
      const step = session.step(logits);
      events.text(step.text);
      if (step.done) return {tokens, stopped: false};
      await breatheOften();
      if (events.stopped()) {
        events.text(session.finish());
        return {tokens, stopped: true};
      }
      const next = await graphs.decode(session.tokenInputs(step.token, cache.length, readRow), cache);
      if (cache !== prompt.cache) cache.dispose();
      ({logits, cache} = next);
    }
  } finally {
    if (cache !== prompt.cache) cache.dispose();
  }
}

// All that is known of a pair whose caption has been written.
function resultOf({session, manifest}: Model, {id, before, after, pixels}: CaptionAsk, {saliency, head}: Seen, timings: Timings, stopped: boolean): CaptionResult {
  const {caption, changed, logprobMean, pChange} = session.result();
  const {width, height} = pixels.read.after;
  const warnings = pixels.warnings.filter(({code}) => code !== NOT_ALIGNED);
  const {prepare, vision, firstToken, decode} = timings;
  return {
    id,
    caption,
    changed,
    confidence: Math.exp(logprobMean),
    pChange,
    minPChange: manifest.minPChange,
    saliency: saysSomething(saliency) ? {grid: manifest.image.grid, values: saliency.slice()} : null,
    outlines: head && outlinesOf({kinds: session.describe().changeKinds, height: head.height, width: head.width, values: head.map}, changed),
    places: session.places(width, height),
    size: {width, height},
    timings,
    record: session.record({id, before, after, read: pixels.read, warnings}, {read: prepare, vision, prefill: firstToken, decode}),
    stopped,
  };
}

export async function captionPair(model: Model, pair: CaptionAsk, events: CaptionEvents): Promise<CaptionResult> {
  const {session, graphs, readRow} = model;
  const laps = new Laps();
  const enter = async (stage: Stage) => {
    events.stage(stage);
    await breathe();
    laps.lap();
  };
  const goOn = () => {
    if (events.stopped()) throw new Halted();
  };

  await enter('vision');
  goOn();
  const seen = await graphs.see(pair.pixels.before, pair.pixels.after, pair.key);
  const waited = laps.lap();
  const vision = seen.ms ?? waited;

  await enter('prompt');
  goOn();
  const prompt = await graphs.prompt(session.promptInputs(seen.before, seen.after, graphs.promptRows, readRow), async () => {
    await breatheOften();
    goOn();
  });
  const firstToken = laps.lap();

  try {
    session.begin(pair.id);
    if (seen.head) session.hearHead(seen.head.flag, seen.head.map, seen.head.height, seen.head.width);
    await enter('write');
    // Where the caption depends on the probability of change it comes first. Elsewhere it comes last, as the reader
    // waits for words.
    const scoredFirst = session.decidesByPChange();
    if (scoredFirst) await score(model, prompt);
    let scoring = laps.lap();
    const {tokens, stopped} = await write(model, prompt, events);
    const writing = laps.lap();
    if (!stopped && !scoredFirst) {
      events.stage('score');
      await score(model, prompt);
      scoring += laps.lap();
    }
    const tokensPerSecond = tokens > 1 ? ((tokens - 1) * 1000) / writing : 0;
    return resultOf(model, pair, seen, {prepare: pair.pixels.ms, vision, firstToken, decode: writing + scoring, tokensPerSecond}, stopped);
  } finally {
    prompt.cache.dispose();
  }
}
