using System.Collections.Frozen;
using Outbox.Payloads;

namespace Outbox.Messages;

/// <summary>
/// Names that one of the wire formats writes, or that a reader of any of them takes for the framework's. One list for all formats: a message's format can change, and it is
/// recognised by its headers. Case does not matter, because to some readers it does not.
/// </summary>
internal static class ReservedHeaders
{
    private const string MassTransit = "MT-";

    private static readonly string[] Prefixes = ["ce_", MassTransit, "cap-", "deadLetter.", PayloadContext.HeaderPrefix];

    private static readonly FrozenSet<string> Names = new[]
    {
        MessageHeaders.MessageId, MessageHeaders.EntityId, MessageHeaders.EntityType, MessageHeaders.Type, MessageHeaders.Version, MessageHeaders.Intent, MessageHeaders.SchemaVersion,
        MessageHeaders.Source, MessageHeaders.ContentType, MessageHeaders.CorrelationId, MessageHeaders.CausationId, MessageHeaders.ReplyTo, MessageHeaders.Endpoint, MessageHeaders.ReplayFor,
        MessageHeaders.TraceParent, MessageHeaders.TraceState, MessageHeaders.Baggage, "timestamp", "conversationId", "initiatorId", "sourceAddress", "destinationAddress", "requestId", "responseAddress", "faultAddress",
        "sentTime", "expirationTime", "messageType", "transportMessageId", "transportSentTime",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them, for people.</summary>
    public static string List { get; } = string.Join(", ", Names.Order(StringComparer.Ordinal).Concat(Prefixes.Select(prefix => prefix + "…")));

    public static bool Contains(string name) => Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether MassTransit itself writes headers of such a name to what it sends.</summary>
    public static bool IsMassTransits(string name) => name.StartsWith(MassTransit, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether MongoDB takes a field of such a name.</summary>
    public static bool CanBeStored(string name) => name.Length > 0 && name[0] != '$' && !name.Contains('\0');
}
