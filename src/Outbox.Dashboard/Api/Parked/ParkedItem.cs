using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Answering;
using Outbox.Inbox;
using Outbox.Operations.Failures;

namespace Outbox.Dashboard.Api.Parked;

/// <summary>A parked or discarded message in a list. Its error is the beginning of it.</summary>
internal sealed record ParkedItem(
    [property: JsonConverter(typeof(CamelCase<Side>))] Side Side, string Id, string Topic, [property: JsonConverter(typeof(CamelCase<ParkReason>))] ParkReason Reason, string Error, DateTimeOffset ParkedAt)
{
    public string? MessageId { get; init; }

    public string? Endpoint { get; init; }

    public string? EntityType { get; init; }

    public string? EntityId { get; init; }

    public long? Version { get; init; }

    public string? Type { get; init; }

    public required int Attempts { get; init; }

    public required bool HoldsEntity { get; init; }

    public required bool RetryRequested { get; init; }

    public required FailureAnswer Failure { get; init; }

    public DiscardAnswer? Discarded { get; init; }

    public static ParkedItem Of(Side side, ParkedSummary parked) => new(side, parked.Id, parked.Topic, parked.Reason, parked.Error, parked.ParkedAt)
    {
        MessageId = parked.MessageId,
        Endpoint = parked.Endpoint,
        EntityType = parked.EntityType,
        EntityId = parked.EntityId,
        Version = parked.Version,
        Type = parked.Type,
        Attempts = parked.Attempts,
        HoldsEntity = parked.HoldsEntity,
        RetryRequested = parked.RetryRequested,
        Failure = FailureAnswer.Of(parked.Failure),
        Discarded = DiscardAnswer.Of(parked.Discarded),
    };
}
