import { objectMaker } from '../../../src/persistence/entities/objectMaker';

describe('objectMaker', () => {
  test('makes objects of what each expression says of the input', () => {
    const make = objectMaker<number[], object>([
      ['first', 'input[0]'],
      ['sum', 'input[0] + input[1]'],
    ]);
    expect([make([1, 2]), make([3, 4])]).toEqual([
      { first: 1, sum: 3 },
      { first: 3, sum: 7 },
    ]);
  });

  test('lets expressions call the helpers that it is given', () => {
    const make = objectMaker<string, object>([['loud', 'helpers[0](input)']], [(text: string) => `${text}!`]);
    expect(make('here')).toEqual({ loud: 'here!' });
  });

  test('takes any name for a name, whatever is in it', () => {
    const names = ['a b', 'COUNT(*)', '"', "'", '\\', '`${1}`', 'x: 1 }), ({ y', '\n', 'é😀'];
    const make = objectMaker<number, object>(names.map(name => [name, 'input']));
    expect(make(1)).toEqual(Object.fromEntries(names.map(name => [name, 1])));
  });
});
