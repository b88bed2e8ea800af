// The processor's time as a measured program has it: a browser gives its threads priorities of its own, and on a busy machine a
// tab then waits where the program that is compared with it does not.
import {readdirSync, readFileSync} from 'node:fs';
import {getPriority, setPriority} from 'node:os';

const LINUX = process.platform === 'linux';

// The processes that this one has started, and theirs.
function descendants() {
  const parents = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(Number(pid), Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))[1]));
    } catch {
      // it has ended
    }
  }
  const isOurs = (pid) => {
    for (let parent = parents.get(pid); parent; parent = parents.get(parent)) if (parent === process.pid) return true;
    return false;
  };
  return [...parents.keys()].filter(isOurs);
}

function threads() {
  return descendants().flatMap((pid) => {
    try {
      return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
    } catch {
      return [];
    }
  });
}

// Gives every thread of what this process has started the priority that this process has. Only Linux knows threads so.
export function evenPriorities() {
  if (!LINUX) return;
  for (const path of threads()) {
    try {
      setPriority(Number(path.split('/').at(-1)), getPriority());
    } catch {
      // it has ended, or this user may not
    }
  }
}

// Milliseconds that programs have computed which this one has started and waited for.
export function childrenComputed() {
  if (!LINUX) return 0;
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1).split(' ');
  const TICK_MS = 10;
  return TICK_MS * (Number(fields[13]) + Number(fields[14])); // cutime and cstime
}

// Milliseconds since they began that these threads have computed, and waited for a processor that others had.
export function processorTimes() {
  const sum = {computed: 0, waited: 0};
  if (!LINUX) return sum;
  for (const path of threads()) {
    try {
      const [computed, waited] = readFileSync(`${path}/schedstat`, 'utf8').split(' ').map(Number);
      sum.computed += computed / 1e6;
      sum.waited += waited / 1e6;
    } catch {
      // it has ended
    }
  }
  return sum;
}
