using System.Text.Json;

namespace Outbox.Dashboard.Api.Acts;

/// <summary>Another payload, and why.</summary>
internal sealed record EditBody
{
    /// <summary>The new payload, as JSON.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>Why, for the log and the audit.</summary>
    public required string Reason { get; init; }
}
