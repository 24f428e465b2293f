namespace Outbox.Testing.Store;

/// <summary>That a message was dealt with, and when.</summary>
internal readonly record struct ProcessedEntry(DateTimeOffset At);
