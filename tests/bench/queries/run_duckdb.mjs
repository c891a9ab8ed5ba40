// Runs the SQL of a file over a log:  node run_duckdb.mjs MODULES THREADS SQL LOG
// MODULES is the folder whose node_modules holds @duckdb/node-api; $LOG in the SQL stands for the log's path.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [, , modules, threads, query, log] = process.argv;
const { DuckDBInstance } = createRequire(`${modules}/`)('@duckdb/node-api');
const sql = readFileSync(query, 'utf8').replaceAll('$LOG', log.replaceAll("'", "''"));
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const answer = await connection.runAndReadAll(sql);
for (const row of answer.getRows()) console.log(row.map(String).join('\t'));
