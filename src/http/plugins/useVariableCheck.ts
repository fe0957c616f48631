import type { Plugin } from 'graphql-yoga';
import { checkVariables } from './checkVariables';
import { refuseExecution } from './refuseExecution';

/** Refuses variables with lists that are too long or with fields that are not defined: ten are named, the rest counted. */
export const useVariableCheck = ({ maxListLength }: { readonly maxListLength: number }): Plugin =>
  refuseExecution(operation => checkVariables(operation, maxListLength));
