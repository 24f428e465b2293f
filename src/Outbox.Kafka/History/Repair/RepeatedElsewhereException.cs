namespace Outbox.Kafka.History.Repair;

/// <summary>Some of the versions are in the outbox for another endpoint alone, which ends within moments.</summary>
internal sealed class RepeatedElsewhereException() : Exception("Versions that were asked for are being repeated for another endpoint.");
