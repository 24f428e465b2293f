using Outbox.Operations.Explaining;

namespace Outbox.Cli.Explaining;

/// <summary>What there is of a message in one place, as programs read it.</summary>
internal sealed record Trace(string MessageId, string EntityType, string EntityId, string Type, string Topic, long? Version, DateTimeOffset At)
{
    public string? Endpoint { get; init; }

    public int? Lane { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public string? Outcome { get; init; }

    public string? Error { get; init; }

    public int Attempts { get; init; }

    public string? ParkedId { get; init; }

    public static Trace Of(TracedMessage message) => new(message.MessageId, message.Entity.Type, message.Entity.Id, message.Type, message.Topic, message.Version, message.At)
    {
        Endpoint = message.Endpoint,
        Lane = message.Lane,
        NotBefore = message.NotBefore,
        Outcome = message.Outcome,
        Error = message.Error,
        Attempts = message.Attempts,
        ParkedId = message.ParkedId,
    };
}
