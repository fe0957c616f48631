import {
  bulkOperationCommandKinds,
  bulkOperationItemStatuses,
  bulkOperationPauses,
  bulkOperationRefusals,
  bulkOperationStatuses,
} from '../../domain/bulkOperationEnums';
import { builder } from './builder';
import { describedValues } from './enums';

export const BulkOperationStatus = builder.enumType('BulkOperationStatus', {
  description: 'The status of a bulk operation.',
  values: describedValues(bulkOperationStatuses),
});

export const BulkOperationCommandKind = builder.enumType('BulkOperationCommandKind', {
  description: 'A command to a bulk operation.',
  values: describedValues(bulkOperationCommandKinds),
});

export const BulkOperationPause = builder.enumType('BulkOperationPause', {
  description: 'Why a bulk operation is paused.',
  values: describedValues(bulkOperationPauses),
});

export const BulkOperationItemStatus = builder.enumType('BulkOperationItemStatus', {
  description: 'The result of one run of a bulk operation.',
  values: describedValues(bulkOperationItemStatuses),
});

export const BulkOperationRefusal = builder.enumType('BulkOperationRefusal', {
  description: 'Why a call about a bulk operation was refused.',
  values: describedValues(bulkOperationRefusals),
});
