namespace Outbox.History.Replaying;

/// <summary>
/// Topics that a history is replayed into: <c>orders.history.billing</c> for <c>orders</c>. The name says whose history it is, so that no owner can be made to write to a topic that others live on, and
/// so that whoever consumes it takes it for what it is: messages of <c>orders</c>, under their own ids and versions.
/// </summary>
public static class HistoryTopic
{
    private const string Infix = ".history.";

    /// <summary>The topic for a reader of a topic's history.</summary>
    /// <param name="topic">The topic whose history it is.</param>
    /// <param name="name">The reader; most often the endpoint, its Kafka group.</param>
    public static string Of(string topic, string name) => topic + Infix + name;

    /// <summary>Whether a topic's history may be replayed into another.</summary>
    public static bool IsOf(string topic, string? into) => into?.Length > topic.Length + Infix.Length && into.StartsWith(topic + Infix, StringComparison.Ordinal);

    /// <summary>The topic whose history a name says it has, if it is a name of that kind.</summary>
    public static string? LiveOf(string name) => name.IndexOf(Infix, StringComparison.Ordinal) is var at and > 0 && at + Infix.Length < name.Length ? name[..at] : null;
}
