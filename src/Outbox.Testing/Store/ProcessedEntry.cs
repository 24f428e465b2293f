namespace Outbox.Testing.Store;

/// <summary>That a message was dealt with, and when.</summary>
/// <param name="At">When.</param>
/// <param name="Consumers">Those of several consumers that have; <see langword="null"/> when all have.</param>
internal readonly record struct ProcessedEntry(DateTimeOffset At, IReadOnlyList<string>? Consumers = null);
