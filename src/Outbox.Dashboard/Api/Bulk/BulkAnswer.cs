using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Parked;
using Outbox.Dashboard.Api.Seeing;
using Outbox.Operations.Bulk;

namespace Outbox.Dashboard.Api.Bulk;

/// <summary>A bulk operation, and how far it is.</summary>
internal sealed record BulkAnswer(
    string Id, [property: JsonConverter(typeof(CamelCase<Side>))] Side Side, [property: JsonConverter(typeof(CamelCase<BulkAction>))] BulkAction Action, ParkedFields Filter,
    [property: JsonConverter(typeof(CamelCase<BulkState>))] BulkState State)
{
    public required string Reason { get; init; }

    public required ActorAnswer By { get; init; }

    public required bool HasEnded { get; init; }

    public required long Total { get; init; }

    public required long Done { get; init; }

    public required long FailedAgain { get; init; }

    public required long Skipped { get; init; }

    public required double PerSecondNow { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? BeganAt { get; init; }

    public DateTimeOffset? ProgressedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public long? Limit { get; init; }

    public double? PerSecond { get; init; }

    public string? Owner { get; init; }

    public string? Error { get; init; }

    public static BulkAnswer Of(BulkOperation operation) => new(
        operation.Id,
        operation.Request.Outbox is not null ? Side.Outbox : Side.Inbox,
        operation.Request.Action,
        operation.Request.Outbox is { } outbox ? ParkedFields.Of(outbox) : ParkedFields.Of(operation.Request.Inbox!),
        operation.State)
    {
        Reason = operation.Request.Reason,
        By = ActorAnswer.Of(operation.Request.By),
        HasEnded = operation.HasEnded,
        Total = operation.Total,
        Done = operation.Done,
        FailedAgain = operation.FailedAgain,
        Skipped = operation.Skipped,
        PerSecondNow = operation.Rate,
        StartedAt = operation.StartedAt,
        BeganAt = operation.BeganAt,
        ProgressedAt = operation.ProgressedAt,
        EndedAt = operation.EndedAt,
        Limit = operation.Request.Limit,
        PerSecond = operation.Request.PerSecond,
        Owner = operation.Owner,
        Error = operation.Error,
    };
}
