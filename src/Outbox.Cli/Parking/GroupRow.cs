using Outbox.Operations.Failures;

namespace Outbox.Cli.Parking;

/// <summary>Parked messages whose errors have one cause, as programs read it.</summary>
internal sealed record GroupRow(string Group, Side Side, string Title, long Count, DateTimeOffset Oldest, DateTimeOffset Newest, string ExampleId)
{
    public IReadOnlyList<string> Topics { get; init; } = [];

    public IReadOnlyList<string> Endpoints { get; init; } = [];

    public static GroupRow Of(Side side, FailureGroup group) => new(group.Group, side, group.Title, group.Count, group.Oldest, group.Newest, group.ExampleId)
    {
        Topics = group.Topics,
        Endpoints = group.Endpoints,
    };
}
