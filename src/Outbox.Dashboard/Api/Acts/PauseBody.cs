using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Answering;
using Outbox.Operations.Pausing;

namespace Outbox.Dashboard.Api.Acts;

/// <summary>What to pause, for how long, and why.</summary>
internal sealed record PauseBody
{
    /// <summary>The relay, a topic or an endpoint.</summary>
    [JsonConverter(typeof(CamelCase<PauseKind>))]
    public required PauseKind Kind { get; init; }

    /// <summary>The topic or the endpoint; none for the relay.</summary>
    public string? Name { get; init; }

    /// <summary>Why, for those who find it paused, the log and the audit.</summary>
    public required string Reason { get; init; }

    /// <summary>For how many seconds, from 1 to 604800; an hour, unless this or until is said.</summary>
    public double? ForSeconds { get; init; }

    /// <summary>Until when.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Whether an endpoint may be paused that no instance of the last days has had.</summary>
    public bool EvenIfUnknown { get; init; }

    /// <exception cref="ApiException">It is too short or too long.</exception>
    public TimeSpan? For => ForSeconds is not { } seconds ? null
        : seconds >= PauseRequest.Shortest.TotalSeconds && seconds <= PauseRequest.Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds)
        : throw ApiException.Invalid($"'forSeconds' must be from {PauseRequest.Shortest.TotalSeconds} to {PauseRequest.Longest.TotalSeconds}.");
}
