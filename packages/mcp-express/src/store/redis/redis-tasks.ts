import { holderOf } from '../holders.js';
import type { TaskChange, TaskLimits, TaskRecord, TaskStore } from '../store.js';
import type { Commands } from './client.js';
import type { Keys } from './keys.js';
import { script, timedScript } from './script.js';

/** Enters a task in the indexes. KEYS: all tasks. ARGV: id, holder's key or nothing, expiry, limit in all, limit of the holder. */
const ENTER = timedScript(`
local time, expiresAt = text(now()), text(ours(ARGV[3]))
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', time)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
if ARGV[2] ~= '' then
  redis.call('ZREMRANGEBYSCORE', ARGV[2], '-inf', time)
  if redis.call('ZCARD', ARGV[2]) >= tonumber(ARGV[5]) then return 0 end
  redis.call('ZADD', ARGV[2], expiresAt, ARGV[1])
  local last = redis.call('ZRANGE', ARGV[2], -1, -1, 'WITHSCORES')[2]
  redis.call('PEXPIREAT', ARGV[2], text(tonumber(last)))
end
redis.call('ZADD', KEYS[1], expiresAt, ARGV[1])
return 1
`);

/** Stores a task, unless it exists: of several attempts with one id, one succeeds. KEYS: task. ARGV: record, expiry. */
const CREATE = timedScript(`
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'r', ARGV[1], 's', 'working')
redis.call('PEXPIREAT', KEYS[1], text(ours(ARGV[2]) - 1))
return 1
`);

const REMOVE = script(`return redis.call('UNLINK', KEYS[1])`);

/** KEYS: index. ARGV: id. */
const LEAVE = script(`return redis.call('ZREM', KEYS[1], ARGV[1])`);

const READ = script(`return redis.call('HGET', KEYS[1], 'r')`);

/** KEYS: task. ARGV: change as JSON, new status or nothing. Merges in the script, so that no concurrent change is lost. */
const UPDATE = script(`
local s = redis.call('HMGET', KEYS[1], 's', 'r')
if not s[1] or s[1] == 'completed' or s[1] == 'failed' or s[1] == 'cancelled' then return 0 end
local task = cjson.decode(s[2])
if ARGV[2] ~= '' then
  task.payload, task.statusMessage = nil, nil
  redis.call('HSET', KEYS[1], 's', ARGV[2])
end
for name, value in pairs(cjson.decode(ARGV[1])) do task[name] = value end
redis.call('HSET', KEYS[1], 'r', cjson.encode(task))
return 1
`);

const COUNT = script(`
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now()))
return redis.call('ZCARD', KEYS[1])
`);

/** Tasks as hashes, with an index of all and of each quota holder by expiry. */
export class RedisTasks implements TaskStore {
  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
  ) {}

  async create(task: TaskRecord, limits: TaskLimits): Promise<boolean> {
    const { id, expiresAt } = task;
    // The task is written first: if the node dies in between, the task expires by itself, while a place without a task
    // would stay occupied.
    const record = [JSON.stringify(task), String(expiresAt)];
    if ((await this.commands.run(CREATE, [this.keys.task(id)], record)) !== 1) return false;
    const args = [id, this.#indexOf(task), String(expiresAt), String(limits.total), String(limits.perOwner)];
    if ((await this.commands.run(ENTER, [this.keys.taskIndex()], args)) === 1) return true;
    await this.commands.run(REMOVE, [this.keys.task(id)], []);
    return false;
  }

  async read(id: string, owner: string): Promise<TaskRecord | undefined> {
    const text = await this.commands.run(READ, [this.keys.task(id)], []);
    if (typeof text !== 'string') return undefined;
    const task = JSON.parse(text) as TaskRecord;
    return task.owner === owner ? task : undefined;
  }

  async update(id: string, change: TaskChange & Pick<TaskRecord, 'updatedAt'>): Promise<boolean> {
    const args = [JSON.stringify(change), change.status ?? ''];
    return (await this.commands.run(UPDATE, [this.keys.task(id)], args)) === 1;
  }

  async delete(id: string, owner: string): Promise<void> {
    const task = await this.read(id, owner);
    if (task === undefined) return;
    await this.commands.run(REMOVE, [this.keys.task(id)], []);
    const indexes = [this.keys.taskIndex(), this.#indexOf(task)].filter((index) => index !== '');
    await Promise.all(indexes.map((index) => this.commands.run(LEAVE, [index], [id])));
  }

  async count(): Promise<number> {
    return Number(await this.commands.run(COUNT, [this.keys.taskIndex()], []));
  }

  #indexOf(task: TaskRecord): string {
    const holder = holderOf(task);
    return holder === '' ? '' : this.keys.taskOwnerIndex(holder);
  }
}
