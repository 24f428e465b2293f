namespace Outbox.Diagnostics;

/// <summary>Something that a person has paused.</summary>
/// <param name="Topic">The topic that nothing is published to.</param>
/// <param name="Endpoint">The endpoint that consumes nothing; where both are missing, it is the relay that is paused.</param>
/// <param name="Text">Who paused it, until when and why, as one sentence.</param>
internal sealed record PausedPart(string? Topic, string? Endpoint, string Text)
{
    public bool IsRelay => Topic is null && Endpoint is null;
}
