using Outbox.Operations.Failures;

namespace Outbox.Dashboard.Api.Parked;

/// <summary>What is known of a parked message's failures.</summary>
internal sealed record FailureAnswer(string ErrorGroup, string Title, int Retries)
{
    public DateTimeOffset? FirstFailedAt { get; init; }

    public DateTimeOffset? LastRetriedAt { get; init; }

    public string? OperationId { get; init; }

    public static FailureAnswer Of(FailureRecord failure) =>
        new(failure.Group, failure.Title, failure.Retries) { FirstFailedAt = failure.FirstFailedAt, LastRetriedAt = failure.LastRetriedAt, OperationId = failure.OperationId };
}
