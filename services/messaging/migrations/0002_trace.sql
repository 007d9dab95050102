-- breaking: no · reason: a message is sent, and its end told, in the trace of the step that asked for it
alter table attempt add column traceparent text;
