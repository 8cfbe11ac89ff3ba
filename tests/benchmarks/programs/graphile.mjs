// graphile-worker in its own folder: started there, it finds its packages in the working directory.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(`${process.cwd()}/package.json`);
const { run, runMigrations, makeWorkerUtils, Logger } = require("graphile-worker");
const { Pool } = require("pg");

const task = JSON.parse(process.argv[2]);
const TASK = "send_receipt";
const INSERT = { name: "insert_effect", text: "insert into effects (number) values ($1)" };
const ADD_JOBS = {
  name: "add_jobs",
  text: `select 1 from graphile_worker.add_jobs(array(
           select json_populate_recordset(null::graphile_worker.job_spec, $1::json)))`,
};
const REPORT_INTERVAL = 10;

const say = (event, fields = {}) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
const nanoseconds = () => Number(process.hrtime.bigint());
const seconds = () => nanoseconds() / 1e9;
const pause = (duration) => new Promise((resolve) => setTimeout(resolve, duration * 1000));

const heard = {};
const words = { go: new Promise((resolve) => (heard.go = resolve)), stop: new Promise((resolve) => (heard.stop = resolve)) };
const listening = createInterface({ input: process.stdin });
listening.on("line", (line) => heard[line.trim()]?.());

const logger = new Logger(() => (level, message) => {
  if (level === "error" || level === "warning") process.stderr.write(`${message}\n`);
});

// The database is named by PGHOST, PGUSER and PGDATABASE.
const preset = {
  worker: {
    connectionString: undefined,
    concurrentJobs: task.concurrency || 1,
    maxPoolSize: task.connections || 2,
    localQueue: { size: task.prefetch || -1, refetchDelay: { durationMs: 10 } },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
    logger,
  },
};
const pool = new Pool({ max: task.connections || 1 });
pool.on("error", (error) => process.stderr.write(`${error}\n`));

const jobOf = (number) => ({
  number,
  order_id: `00000000-0000-0000-0000-${(number < 0 ? 2 ** 48 + number : number).toString(16).padStart(12, "0")}`,
  amount: "12.50",
});

async function install() {
  say("ready");
  await runMigrations({ preset, pgPool: pool });
}

async function work() {
  let ran = 0;
  let reported = 0;
  const starts = [];
  const report = () => {
    reported = ran;
    say("progress", { ran, at: seconds() });
  };
  const started = (number) => {
    if (task.sample_every && number >= 0 && number % task.sample_every === 0) starts.push([number, nanoseconds()]);
  };
  const ended = () => {
    ran += 1;
    if (ran === task.jobs) report();
  };
  const funcs = {
    noop: (job) => {
      started(job.number);
      ended();
    },
    insert: async (job, helpers) => {
      started(job.number);
      await helpers.withPgClient((client) => client.query({ ...INSERT, values: [job.number] }));
      ended();
    },
  };
  await Promise.all(Array.from({ length: task.connections }, () => pool.query("select 1")));
  say("ready");
  await words.go;
  const reporting = setInterval(() => ran !== reported && report(), REPORT_INTERVAL);
  const runner = await run({ preset, pgPool: pool, noHandleSignals: true, taskList: { [TASK]: funcs[task.func] } });
  await words.stop;
  await runner.stop();
  clearInterval(reporting);
  return { starts };
}

async function enqueue() {
  const utils = await makeWorkerUtils({ preset, pgPool: pool });
  const specs = (jobs) => jobs.map((payload) => ({ identifier: TASK, payload }));
  const ways = {
    lists: (jobs) => pool.query({ ...ADD_JOBS, values: [JSON.stringify(specs(jobs))] }),
    lists_of_its_api: (jobs) => utils.addJobs(specs(jobs)),
    single: (jobs) => utils.addJob(TASK, jobs[0]),
  };
  const way = ways[task.func];
  const list = (first, step, size) => Array.from({ length: size }, (_, position) => jobOf(first + step * position));
  for (let call = 0; call < task.warm_up; call += 1) await way(list(-1 - call * task.list_size, -1, task.list_size));
  const lists = [];
  for (let first = 0; first < task.jobs; first += task.list_size) {
    lists.push(list(first, 1, Math.min(task.list_size, task.jobs - first)));
  }
  const sent = [];
  const committed = [];
  say("ready");
  await words.go;
  const began = seconds();
  for (const jobs of lists) {
    sent.push(nanoseconds());
    await way(jobs);
    committed.push(nanoseconds());
    if (task.pause) await pause(task.pause);
  }
  say("enqueued", { seconds: seconds() - began, sent, committed });
  await words.stop;
  await utils.release();
}

const last = await { install, work, enqueue }[task.role]();
await pool.end().catch(() => undefined);
listening.close();
say("end", last ?? {});
