import type { Plugin } from 'graphql-yoga';
import { checkVariables } from '../documents/checkVariables';
import { useOperationCheck } from './useOperationCheck';

/** Rejects variables with lists that are too long or with undefined fields: ten are named, the others counted. */
export const useVariableCheck = ({ maxListLength }: { readonly maxListLength: number }): Plugin =>
  useOperationCheck(operation => checkVariables(operation, maxListLength));
