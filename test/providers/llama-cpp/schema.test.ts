import { describe, expect, it } from 'vitest';
import { toEngineSchema } from '../../../src/providers/llama-cpp/schema.ts';

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

describe('a JSON schema for the engine', () => {
  it('keeps what the grammar can hold and drops what only describes', () => {
    expect(
      toEngineSchema({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: 'Answer',
        ...object(
          {
            city: { type: 'string', description: 'where', maxLength: 20 },
            kind: { enum: ['a', 'b'], default: 'a' },
            at: { type: 'string', format: 'date' },
            mail: { type: 'string', format: 'email' },
            tags: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3 },
          },
          { required: ['city'], additionalProperties: false },
        ),
      }),
    ).toEqual(
      object(
        {
          city: { type: 'string', maxLength: 20 },
          kind: { enum: ['a', 'b'] },
          at: { type: 'string', format: 'date' },
          mail: { type: 'string' },
          tags: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 3 },
        },
        { additionalProperties: false },
      ),
    );
  });

  it('writes alternatives, lists of types, single allOf, older definitions and small ranges in the form of the grammar', () => {
    expect(
      toEngineSchema({
        ...object({
          name: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          size: { type: ['number', 'null'] },
          who: { allOf: [{ $ref: '#/definitions/Person' }] },
          stars: { type: 'integer', minimum: 1, maximum: 3 },
        }),
        definitions: { Person: object({ age: { type: 'integer' } }) },
      }),
    ).toEqual({
      ...object({
        name: { oneOf: [{ type: 'string' }, { type: 'null' }] },
        size: { oneOf: [{ type: 'number' }, { type: 'null' }] },
        who: { $ref: '#/$defs/Person' },
        stars: { enum: [1, 2, 3] },
      }),
      $defs: { Person: object({ age: { type: 'integer' } }) },
    });
  });

  it.each([
    ['pattern', { type: 'string', pattern: '^a' }],
    ['minimum', { type: 'number', minimum: 0 }],
    ['multipleOf', { type: 'integer', multipleOf: 2 }],
    ['uniqueItems', { type: 'array', uniqueItems: true }],
    ['patternProperties', { type: 'object', patternProperties: { a: {} } }],
    ['not', { not: { type: 'null' } }],
    ['allOf', { allOf: [object({ a: {} }), object({ b: {} })] }],
    ['$ref', { $ref: '#' }],
    ['required', { type: 'object', required: ['a'] }],
    ['false', false],
  ])('is refused by the name of what would be weakened: %s', (keyword, inner) => {
    expect(() => toEngineSchema(object({ value: inner }))).toThrow(`'${keyword}' of this JSON schema (at properties.value)`);
  });
});
