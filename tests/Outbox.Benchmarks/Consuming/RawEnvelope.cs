namespace Outbox.Benchmarks.Consuming;

/// What a reader without the framework makes of a message's value.
internal sealed record RawEnvelope(string MessageId, string EntityId, long Version, string Type, DateTimeOffset Timestamp, OrderChanged Payload);
