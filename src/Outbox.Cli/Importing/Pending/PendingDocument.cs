using MongoDB.Bson;

namespace Outbox.Cli.Importing.Pending;

/// <summary>A document of another product's outbox, and what can be done with it.</summary>
/// <param name="Key">Its <c>_id</c>.</param>
/// <param name="State">What can be done.</param>
internal sealed record PendingDocument(BsonValue Key, PendingState State)
{
    /// <summary>What it is a message of, as the old relay locks them: those of one unit are moved together.</summary>
    public BsonValue Unit { get; init; } = BsonNull.Value;

    /// <summary>The message, where it is one.</summary>
    public PendingMessage? Message { get; init; }

    /// <summary>Why it is not moved, for a person.</summary>
    public string? Reason { get; init; }

    public static PendingDocument Unreadable(BsonDocument document, string reason) => new(document.GetValue("_id", BsonNull.Value), PendingState.CannotBeRead) { Reason = reason };
}
