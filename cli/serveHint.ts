/** What a fault in the options of `bench serve` ends with. */
export const SERVE_HINT = 'bench serve --help lists every option with its unit.';
