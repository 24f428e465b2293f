namespace Outbox.History.Projecting;

/// <summary>What a version of a read model is built from.</summary>
public enum RebuildFrom
{
    /// <summary>The history that this service keeps of the topic (<c>t.KeepHistory</c>); then what comes on Kafka.</summary>
    History,

    /// <summary>The topic, from its beginning: for read models in other services than the events' owner. What Kafka does not have any more is missing.</summary>
    Kafka,
}
