namespace Outbox.Testing.Capture;

/// <summary>Another transaction has changed what this one has read.</summary>
internal sealed class WriteConflictException : Exception;
