using Outbox.Operations.Failures;

namespace Outbox.Testing.Store;

/// <summary>A consumed message that was given up.</summary>
/// <param name="Parked">What it was.</param>
/// <param name="Note">How it was given up.</param>
/// <param name="HasStepped">Whether its sequence stepped behind it.</param>
/// <param name="WasRecorded">Whether its record was changed.</param>
/// <param name="Record">What the record was before.</param>
internal sealed record DiscardedInboxEntry(ParkedEntry Parked, DiscardNote Note, bool HasStepped, bool WasRecorded, ProcessedEntry? Record);
