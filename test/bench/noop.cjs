'use strict';

const { join, resolve } = require('node:path');
const { Body, Controller, Module, Post, Req } = require('@nestjs/common');

const DIST = resolve(__dirname, '../../dist');
const { Needs } = require(join(DIST, 'src/http/shared/access/needs.js'));
const { CreateTaskBody } = require(join(DIST, 'src/http/orchestrator/dto/create-task.body.js'));
const { success } = require(join(DIST, 'src/http/orchestrator/envelope.js'));

/** What a creation costs without the queue: everything around it, and an answer like its own. */
class NoopController {
  async noop(body) {
    return success({
      task_id: '00000000-0000-4000-8000-000000000000',
      status: 'waiting',
      priority: body.priority,
      work_directory: body.work_directory,
      tags: body.tags,
      created_at: new Date().toISOString(),
    });
  }
}

const method = Object.getOwnPropertyDescriptor(NoopController.prototype, 'noop');
Body()(NoopController.prototype, 'noop', 0);
Req()(NoopController.prototype, 'noop', 1);
Reflect.defineMetadata('design:paramtypes', [CreateTaskBody, Object], NoopController.prototype, 'noop');
Needs('producer')(NoopController.prototype, 'noop', method);
Post()(NoopController.prototype, 'noop', method);
Controller('bench/noop')(NoopController);

class NoopModule {}
Module({ controllers: [NoopController] })(NoopModule);

module.exports = { NoopModule };
