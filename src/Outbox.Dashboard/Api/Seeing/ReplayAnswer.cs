using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Answering;
using Outbox.Inbox.Replaying;

namespace Outbox.Dashboard.Api.Seeing;

/// <summary>The last replay of an endpoint, or the last snapshot of it.</summary>
internal sealed record ReplayAnswer(string Endpoint, int Generation, [property: JsonConverter(typeof(CamelCase<ReplayPhase>))] ReplayPhase Phase, string From, string Reason)
{
    public string? Snapshot { get; init; }

    public required IReadOnlyList<string> Collections { get; init; }

    public required IReadOnlyList<PartitionOffset> Until { get; init; }

    public static ReplayAnswer Of(EndpointReplay replay) => new(replay.Endpoint, replay.Generation, replay.Phase, replay.From.ToString(), replay.Reason)
    {
        Snapshot = replay.Snapshot,
        Collections = replay.Collections,
        Until = replay.Until,
    };
}
