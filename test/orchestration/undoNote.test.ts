import * as fc from 'fast-check';
import type { BulkOperationId } from '../../src/domain/identifiers';
import { undoNote, withUndoNote } from '../../src/orchestration/undoNote';

const id = fc.uuid().map(text => text as BulkOperationId);
const note = fc.tuple(id, id).map(([operation, restores]) => undoNote(operation, restores));

describe('the note of an undo', () => {
  test('stands behind the message of the restored state, or alone where there is none', () => {
    expect(withUndoNote('The disk is full', 'a note')).toBe('The disk is full (a note)');
    expect(withUndoNote(null, 'a note')).toBe('a note');
    expect(withUndoNote('', 'a note')).toBe('a note');
  });

  test('takes the place of the note of an earlier undo, whatever the message is', () => {
    fc.assert(
      fc.property(fc.option(fc.string()), note, note, (message, first, second) => {
        expect(withUndoNote(withUndoNote(message, first), second)).toBe(withUndoNote(message, second));
      }),
    );
  });

  test('leaves a message as it is that only mentions one', () => {
    const mention = `See (${undoNote('a' as BulkOperationId, 'b' as BulkOperationId)}) for the cause`;
    expect(withUndoNote(mention, 'a note')).toBe(`${mention} (a note)`);
  });
});
