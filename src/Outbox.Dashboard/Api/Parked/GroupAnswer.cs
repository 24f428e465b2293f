using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Answering;
using Outbox.Operations.Failures;

namespace Outbox.Dashboard.Api.Parked;

/// <summary>Parked messages of one side whose errors have one cause.</summary>
internal sealed record GroupAnswer([property: JsonConverter(typeof(CamelCase<Side>))] Side Side, string ErrorGroup, string Title, long Count, DateTimeOffset Oldest, DateTimeOffset Newest, string ExampleId)
{
    public required IReadOnlyList<string> Topics { get; init; }

    public required IReadOnlyList<string> Endpoints { get; init; }

    public static GroupAnswer Of(Side side, FailureGroup group) =>
        new(side, group.Group, group.Title, group.Count, group.Oldest, group.Newest, group.ExampleId) { Topics = group.Topics, Endpoints = group.Endpoints };
}
