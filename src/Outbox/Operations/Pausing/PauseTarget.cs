namespace Outbox.Operations.Pausing;

/// <summary>What is paused.</summary>
public sealed record PauseTarget
{
    private PauseTarget(PauseKind kind, string name) => (Kind, Name) = (kind, name);

    /// <summary>All publishing: what is captured waits in the outbox.</summary>
    public static PauseTarget Relay { get; } = new(PauseKind.Relay, "");

    /// <summary>What kind of thing it is.</summary>
    public PauseKind Kind { get; }

    /// <summary>The topic or the endpoint; empty for the relay.</summary>
    public string Name { get; }

    /// <summary>Publishing to one topic: its messages wait in the outbox, and with them those behind them in their entities' order. Others go on.</summary>
    /// <param name="name">The topic, as the service registers it: without the prefix that it has on the brokers.</param>
    public static PauseTarget Topic(string name) => Of(PauseKind.Topic, name);

    /// <summary>Consuming of one topic endpoint: all of its instances keep their partitions and take no message from them.</summary>
    /// <param name="name">The endpoint: its group.</param>
    public static PauseTarget Endpoint(string name) => Of(PauseKind.Endpoint, name);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        PauseKind.Relay => "the relay",
        PauseKind.Topic => $"topic {Name}",
        _ => $"endpoint {Name}",
    };

    internal static PauseTarget Of(PauseKind kind, string name)
    {
        if (kind == PauseKind.Relay)
        {
            return Relay;
        }

        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new PauseTarget(kind, name);
    }
}
