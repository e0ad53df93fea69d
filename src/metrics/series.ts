import type { Metric, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string | number>>;

interface Value {
  readonly value: number;
  readonly labels: Labels;
  readonly metricName?: string;
}

interface Options {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly registry: Registry;
}

/** Cells by label values, one look-up a label. */
function createCells<T>(labelNames: readonly string[], make: () => T) {
  const root = new Map<string, unknown>();
  const all: { readonly labels: Labels; readonly cell: T }[] = [];
  const at = (values: readonly string[]): T => {
    let node = root;
    const last = values.length - 1;
    for (let index = 0; index < last; index++) {
      const value = values[index] as string;
      let next = node.get(value) as Map<string, unknown> | undefined;
      if (next === undefined) {
        next = new Map();
        node.set(value, next);
      }
      node = next;
    }
    const key = last < 0 ? '' : (values[last] as string);
    let cell = node.get(key) as T | undefined;
    if (cell === undefined) {
      cell = make();
      node.set(key, cell);
      all.push({ labels: Object.fromEntries(labelNames.map((name, index) => [name, values[index] ?? ''])), cell });
    }
    return cell;
  };
  return { at, all };
}

/** Registers what prom-client writes out at a scrape. Its own counters cost a microsecond a call, which is most of what a request's metrics cost. */
function register(type: 'counter' | 'histogram', { name, help, registry }: Options, values: () => Value[], reset: () => void): void {
  const metric = { name, help, type, aggregator: 'sum', get: async () => ({ name, help, type, aggregator: 'sum', values: values() }), reset };
  registry.registerMetric(metric as unknown as Metric<string>);
}

export interface Tally {
  /** Label values in the order of `labelNames`. */
  inc(...labels: readonly string[]): void;
}

/** A counter. */
export function createCounter(options: Options): Tally {
  const { at, all } = createCells(options.labelNames ?? [], () => ({ count: 0 }));
  if ((options.labelNames ?? []).length === 0) at([]);
  register(
    'counter',
    options,
    () => all.map(({ labels, cell }) => ({ value: cell.count, labels })),
    () => {
      for (const { cell } of all) cell.count = 0;
    },
  );
  return {
    inc: (...labels) => {
      at(labels).count += 1;
    },
  };
}

export interface Distribution {
  /** Label values in the order of `labelNames`. */
  observe(value: number, ...labels: readonly string[]): void;
}

/** A histogram; `buckets` are upper bounds in ascending order. */
export function createHistogram(options: Options & { readonly buckets: readonly number[] }): Distribution {
  const { buckets, name } = options;
  const { at, all } = createCells(options.labelNames ?? [], () => ({ sum: 0, counts: new Float64Array(buckets.length + 1) }));
  if ((options.labelNames ?? []).length === 0) at([]);
  register(
    'histogram',
    options,
    () =>
      all.flatMap(({ labels, cell }): Value[] => {
        let total = 0;
        const values = Array.from(cell.counts, (count, index): Value => {
          total += count;
          return { value: total, labels: { le: buckets[index] ?? '+Inf', ...labels }, metricName: `${name}_bucket` };
        });
        return [...values, { value: cell.sum, labels, metricName: `${name}_sum` }, { value: total, labels, metricName: `${name}_count` }];
      }),
    () => {
      for (const { cell } of all) {
        cell.sum = 0;
        cell.counts.fill(0);
      }
    },
  );
  return {
    observe: (value, ...labels) => {
      const cell = at(labels);
      cell.sum += value;
      let index = 0;
      while (index < buckets.length && value > (buckets[index] as number)) index += 1;
      cell.counts[index] = (cell.counts[index] as number) + 1;
    },
  };
}
