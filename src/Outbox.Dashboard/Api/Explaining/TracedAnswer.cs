using Outbox.Operations.Explaining;

namespace Outbox.Dashboard.Api.Explaining;

/// <summary>What there is of a message in one place, without its payload.</summary>
/// <param name="Place">The place: <c>outbox</c>, <c>outboxParked</c>, <c>sent</c>, <c>inboxParked</c> or <c>inbox</c>.</param>
/// <param name="MessageId">The message; empty where it has no id that can be read.</param>
/// <param name="EntityType">The entity's type; empty where it is not known.</param>
/// <param name="EntityId">The entity; empty where it is not known.</param>
/// <param name="Type">The message type's name.</param>
/// <param name="Topic">The topic.</param>
/// <param name="At">When it came there.</param>
/// <param name="Attempts">How often it was tried.</param>
internal sealed record TracedAnswer(string Place, string MessageId, string EntityType, string EntityId, string Type, string Topic, DateTimeOffset At, int Attempts)
{
    public long? Version { get; init; }

    public string? Endpoint { get; init; }

    public int? Lane { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    public string? Outcome { get; init; }

    public string? Error { get; init; }

    public string? ParkedId { get; init; }

    public required bool HoldsEntity { get; init; }

    public required bool RetryRequested { get; init; }

    public static TracedAnswer Of(string place, TracedMessage message) =>
        new(place, message.MessageId, message.Entity.Type, message.Entity.Id, message.Type, message.Topic, message.At, message.Attempts)
        {
            Version = message.Version,
            Endpoint = message.Endpoint,
            Lane = message.Lane,
            NotBefore = message.NotBefore,
            Deadline = message.Deadline,
            Outcome = message.Outcome,
            Error = message.Error,
            ParkedId = message.ParkedId,
            HoldsEntity = message.HoldsEntity,
            RetryRequested = message.RetryRequested,
        };
}
