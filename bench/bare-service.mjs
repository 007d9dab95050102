// A process that loads what every service is built on, and does nothing: what Node and the libraries cost by themselves.
import 'reflect-metadata';
import '@nestjs/core';
import '@nestjs/microservices';
import '@grpc/grpc-js';
import '@nats-io/transport-node';
import 'kafkajs';
import 'pg';
import 'typeorm';

process.stdout.write('ready\n');
// An exit of its own, not a signal's: only then is compiled code kept for the next.
process.once('SIGTERM', () => process.exit(0));
setInterval(() => undefined, 60_000);
