using Outbox.Operations.Explaining;

namespace Outbox.Cli.Explaining;

/// <summary>Where a message was or is, in one database: at a place called pending, parked, sent, inbox-parked or processed.</summary>
internal sealed record TraceStep(DateTimeOffset At, string Database, string Place, string Topic, string EntityType, string EntityId, long? Version)
{
    public string? Endpoint { get; init; }

    public string? Outcome { get; init; }

    public string? Error { get; init; }

    public int Attempts { get; init; }

    public string? ParkedId { get; init; }

    /// <summary>The steps of one message; what is told of its entity's others is left out.</summary>
    public static IEnumerable<TraceStep> Of(string database, string messageId, Explanation found) =>
        new (string Place, IReadOnlyList<TracedMessage> Messages)[]
        {
            ("pending", found.Pending), ("parked", found.Parked), ("sent", found.Sent), ("inbox-parked", found.InboxParked), ("processed", found.Processed),
        }
        .SelectMany(list => list.Messages.Where(message => message.MessageId == messageId).Select(message => Of(database, list.Place, message)));

    private static TraceStep Of(string database, string place, TracedMessage message) =>
        new(message.At, database, place, message.Topic, message.Entity.Type, message.Entity.Id, message.Version)
        {
            Endpoint = message.Endpoint,
            Outcome = message.Outcome,
            Error = message.Error,
            Attempts = message.Attempts,
            ParkedId = message.ParkedId,
        };
}
