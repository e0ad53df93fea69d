import { GatewayError } from '../../core/errors.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Keywords that narrow what is valid and that the engine's grammar has no form for. What is not named anywhere here only describes. */
const BEYOND: readonly string[] = [
  ...['pattern', 'multipleOf', 'exclusiveMinimum', 'exclusiveMaximum', 'minimum', 'maximum'],
  ...['uniqueItems', 'contains', 'minContains', 'maxContains', 'unevaluatedItems', 'additionalItems'],
  ...['patternProperties', 'propertyNames', 'unevaluatedProperties', 'dependentRequired', 'dependentSchemas', 'dependencies'],
  ...['not', 'if', 'then', 'else', '$dynamicRef', '$recursiveRef'],
];
/** Whole numbers between two bounds are written out one by one, up to so many. */
const MAX_RANGE = 512;
const FORMATS = new Set(['date', 'time', 'date-time']);
const REFERENCE = /^#\/(?:\$defs|definitions)\/([^/]+)$/;

const ANY = ['string', 'number', 'boolean', 'null', 'array', 'object'] as const;

/**
 * A JSON Schema in the form the engine's grammar takes: every answer it allows fits the client's schema. Throws 'invalid-request'
 * naming the keyword that it could not keep: an answer that only looks as if it kept it would be worse.
 */
export function toEngineSchema(schema: Schema): Schema {
  return translate(schema, '');
}

function refused(keyword: string, at: string): GatewayError {
  const where = at === '' ? '' : ` (at ${at})`;
  return new GatewayError('invalid-request', `The embedded engine cannot hold an answer to '${keyword}' of this JSON schema${where}.`, {
    param: 'response_format',
  });
}

function translate(value: unknown, at: string): Schema {
  if (value === true) return any();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(JSON.stringify(value).slice(0, 20), at);
  const schema = value as Schema;
  const defs = definitions(schema, at);
  const range = rangeOf(schema);
  if (range !== undefined) return { enum: range };
  const beyond = BEYOND.find((keyword) => schema[keyword] !== undefined && schema[keyword] !== false);
  if (beyond !== undefined) throw refused(beyond, at);
  const { $ref: reference, allOf, anyOf, oneOf = anyOf, const: constant, enum: values, type } = schema;
  if (typeof reference === 'string') {
    const name = REFERENCE.exec(reference)?.[1];
    if (name === undefined) throw refused('$ref', at);
    return { $ref: `#/$defs/${name}`, ...defs };
  }
  if (Array.isArray(allOf)) {
    if (allOf.length !== 1 || oneOf !== undefined || type !== undefined) throw refused('allOf', at);
    return { ...translate(allOf[0], at), ...defs };
  }
  if (Array.isArray(oneOf)) {
    if (schema['properties'] !== undefined || (anyOf !== undefined && oneOf !== anyOf)) throw refused('anyOf', at);
    return { oneOf: oneOf.map((branch, index) => translate(branch, join(at, `anyOf.${index}`))), ...defs };
  }
  if (constant !== undefined) return { const: constant };
  if (Array.isArray(values)) return { enum: values };
  if (Array.isArray(type)) return { oneOf: type.map((one) => translate({ ...schema, type: one }, at)), ...defs };
  switch (type ?? implied(schema)) {
    case undefined:
      return any();
    case 'object':
      return { ...object(schema, at), ...defs };
    case 'array':
      return { ...array(schema, at), ...defs };
    case 'string':
      return string(schema);
    case 'number':
    case 'integer':
    case 'boolean':
    case 'null':
      return { type };
    default:
      throw refused('type', at);
  }
}

const join = (at: string, step: string): string => (at === '' ? step : `${at}.${step}`);

const any = (): Schema => ({ oneOf: ANY.map((type) => (type === 'object' ? { type, additionalProperties: true } : { type })) });

const implied = ({ properties, items, prefixItems }: Schema): string | undefined =>
  properties !== undefined ? 'object' : items !== undefined || prefixItems !== undefined ? 'array' : undefined;

function definitions({ $defs, definitions: older }: Schema, at: string): { $defs?: Schema } {
  const all = { ...(older as Schema | undefined), ...($defs as Schema | undefined) };
  const entries = Object.entries(all);
  return entries.length === 0 ? {} : { $defs: Object.fromEntries(entries.map(([name, schema]) => [name, translate(schema, join(at, `$defs.${name}`))])) };
}

function rangeOf({ type, minimum, maximum, enum: values }: Schema): number[] | undefined {
  if (type !== 'integer' || values !== undefined || typeof minimum !== 'number' || typeof maximum !== 'number') return undefined;
  const [first, last] = [Math.ceil(minimum), Math.floor(maximum)];
  return last < first || last - first >= MAX_RANGE ? undefined : Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Every named property is written, so that whatever is required is there. */
function object(schema: Schema, at: string): Schema {
  const properties = (schema['properties'] ?? {}) as Schema;
  const { required, additionalProperties: more, minProperties, maxProperties } = schema;
  const names = Object.keys(properties);
  const absent = Array.isArray(required) ? required.find((name) => !names.includes(String(name))) : undefined;
  if (absent !== undefined) throw refused('required', at);
  if (typeof maxProperties === 'number' && maxProperties < names.length) throw refused('maxProperties', at);
  const open = names.length === 0 && more === undefined;
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, translate(properties[name], join(at, `properties.${name}`))])),
    ...(open && { additionalProperties: true }),
    ...(typeof more === 'boolean' && { additionalProperties: more }),
    ...(typeof more === 'object' && more !== null && { additionalProperties: translate(more, join(at, 'additionalProperties')) }),
    ...(minProperties !== undefined && { minProperties }),
    ...(maxProperties !== undefined && { maxProperties }),
  };
}

function array({ items, prefixItems, minItems, maxItems }: Schema, at: string): Schema {
  return {
    type: 'array',
    ...(items !== undefined && items !== false && { items: translate(items, join(at, 'items')) }),
    ...(Array.isArray(prefixItems) && { prefixItems: prefixItems.map((item, index) => translate(item, join(at, `prefixItems.${index}`))) }),
    ...(minItems !== undefined && { minItems }),
    ...(items === false && Array.isArray(prefixItems) ? { maxItems: prefixItems.length } : maxItems !== undefined && { maxItems }),
  };
}

/** Other formats than dates and times only describe, as in JSON Schema itself. */
function string({ format, minLength, maxLength }: Schema): Schema {
  if (typeof format === 'string' && FORMATS.has(format)) return { type: 'string', format };
  return { type: 'string', ...(minLength !== undefined && { minLength }), ...(maxLength !== undefined && { maxLength }) };
}
