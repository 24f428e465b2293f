using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Answering;
using Outbox.Dashboard.Api.Parked;
using Outbox.Operations.Bulk;

namespace Outbox.Dashboard.Api.Bulk;

/// <summary>What to do with many messages of one side, and why.</summary>
internal sealed record BulkBody
{
    /// <summary>The side.</summary>
    [JsonConverter(typeof(CamelCase<Side>))]
    public required Side Side { get; init; }

    /// <summary>What to do with each message.</summary>
    [JsonConverter(typeof(CamelCase<BulkAction>))]
    public required BulkAction Action { get; init; }

    /// <summary>Which messages. An empty object is all of the side.</summary>
    public required ParkedFields Filter { get; init; }

    /// <summary>Why, for the log and the audit.</summary>
    public required string Reason { get; init; }

    /// <summary>The most messages; no limit where nothing is said.</summary>
    public long? Limit { get; init; }

    /// <summary>The most messages in a second, from 0.1 to 100000; as fast as it goes where nothing is said.</summary>
    public double? PerSecond { get; init; }

    /// <exception cref="ApiException">A number is out of its range.</exception>
    public BulkRequest ToRequest(string? id, Outbox.Operations.Decision why) => new()
    {
        Id = id,
        Action = Action,
        Reason = why.Reason,
        By = why.By,
        Outbox = Side == Side.Outbox ? Filter.ToOutbox() : null,
        Inbox = Side == Side.Inbox ? Filter.ToInbox() : null,
        Limit = Limit is null or >= 1 ? Limit : throw ApiException.Invalid("'limit' must be at least 1."),
        PerSecond = PerSecond is null or (>= 0.1 and <= 100_000) ? PerSecond : throw ApiException.Invalid("'perSecond' must be from 0.1 to 100000."),
    };
}
