using Outbox.Dashboard.Api.Answering;
using Outbox.Operations.Auditing;
using Outbox.Operations.Redacting;

namespace Outbox.Dashboard.Api.Explaining;

/// <summary>What somebody did.</summary>
internal sealed record AuditAnswer(string Id, DateTimeOffset At, string Act, string Target, ActorAnswer By, string Reason, string Outcome, IReadOnlyList<string> MessageIds, bool IsMasked)
{
    public string? EntityType { get; init; }

    public string? EntityId { get; init; }

    public string? Topic { get; init; }

    public string? Endpoint { get; init; }

    public string? OperationId { get; init; }

    /// <summary>The payload that an edit replaced; left out, and <c>isMasked</c>, for those who may not see payloads.</summary>
    public string? Original { get; init; }

    public static AuditAnswer Of(AuditEntry entry, Redaction? redaction) =>
        new(entry.Id, entry.At, entry.Act, entry.Target, ActorAnswer.Of(entry.By), entry.Reason, entry.Outcome, entry.MessageIds, entry.Original is not null && redaction is null)
        {
            EntityType = entry.EntityType,
            EntityId = entry.EntityId,
            Topic = entry.Topic,
            Endpoint = entry.Endpoint,
            OperationId = entry.OperationId,
            Original = entry.Original is { } original ? redaction?.Payload(null, entry.Topic ?? "", original).Text : null,
        };
}
