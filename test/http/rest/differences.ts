/** How bodies differ from the reference's on purpose, and why. docs/rest.md says the same to users. */
export const differences: readonly (readonly [difference: RegExp, reason: string])[] = [
  [
    /^POST \/flow(s|_runs)\/\w+: rejects unknown fields$/,
    'A field that is ignored would choose other flows or runs than were meant; null is ignored.',
  ],
  [
    /^POST \/flow_runs\/(filter|count)\.(task_runs|work_pools|work_pool_queues): nothing but null$/,
    'Runs cannot be found by these groups.',
  ],
  [
    /\.flow_runs\.(flow|deployment|state\.message|state\.timestamp): only here$/,
    'The filter of runs is the one of GraphQL, in every call.',
  ],
  [
    /^POST \/flows\/filter\.(flow_runs|task_runs|deployments|work_pools): nothing but null$/,
    'Flows cannot be found by these groups.',
  ],
  [
    /^POST \/(flows\/filter|flow_runs\/filter|flow_runs\/count)\.flows\.(deployment|tags): nothing but null$/,
    'Flows are found by id and name.',
  ],
  [
    /^POST \/flow_runs\/count\.(sort|limit|offset): only here$/,
    'One body for both; the page makes no difference to the count.',
  ],
  [
    /\.limit: (minimum 0|maximum 200)$/,
    'MAX_PAGE_SIZE, 200 unless set otherwise: the limit that the reference has beside its document.',
  ],
  [
    /\.(name|task_key|dynamic_key|flow_version|work_queue_name|tags\[\]): maxLength 255$/,
    'Columns that filters search have a length.',
  ],
  [/\.idempotency_key: maxLength 512$/, 'A column with a unique index has a length.'],
  [/\.state\.name: minLength 1$|state\.name: minLength 1$/, 'An empty name is none: leave it out.'],
  [
    /\.(max_retries|retries|retry_delay|retry_delay_seconds|concurrency_limit): maximum 2147483647$/,
    'The width of the columns.',
  ],
  [
    /\.(max_retries|retries|retry_delay|retry_delay_seconds|retry_jitter_factor): minimum 0$/,
    'What is tried again less than never, or before it failed, is a mistake.',
  ],
  [
    /^POST \/flow_runs\/\.empirical_policy\.retry_delay_seconds: no number$/,
    'It stands for retry_delay, which is whole there too.',
  ],
  [
    /^POST \/deployments\/\.(branch|base|root): only here$/,
    'Ignored, as the reference removes them before it checks.',
  ],
  [
    /^POST \/deployments\/\.global_concurrency_limit_id: nothing but null$/,
    'A limit belongs to one deployment here.',
  ],
];
